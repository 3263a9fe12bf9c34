// `Device.register()`: gets a device secret from the platform and stores it. It blocks, as it did on HaaS firmware, for up to
// 75 seconds: then the core gives up. Over HTTPS it has a link of its own, so the device may be connected meanwhile.

#include <string.h>

#include "base/args.h"
#include "base/haas.h"
#include "base/others.h"
#include "clouds/login.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/device_errors.h"
#include "net/endpoint.h"
#include "store/identity.h"

// How soon to look again while it blocks; wake-ups make it sooner.
#define LOOK_AGAIN_MS (5)
// Bytes for the request and the response over HTTPS: of most clouds, of Tencent with a certificate, of Huawei with a token.
#define SCRATCH_SIZE (2048)
#define SCRATCH_SIZE_TENCENT (6 * 1024)
#define SCRATCH_SIZE_HUAWEI (12 * 1024)

// Raises if this firmware leaves the cloud out. Those that a device can register at are the first ones of the list.
static void register_check(unsigned cloud) {
    result_check_cloud("register", cloud);
}

#include "generated/register_args.h"

// A registration that is made from the arguments.
typedef struct {
    const cloud_t *cloud;
    // Who the device is, for getDeviceInfo().
    aliyun_iot_bytes region, product;
    union {
        aliyun_iot_aliyun_registration aliyun;
        aliyun_iot_vendor_registration vendor;
    } as;
    aliyun_iot_server *server; // the one in `as`
    bool https;
    size_t scratch; // bytes of memory
} plan_t;

typedef struct {
    mp_obj_t waiting; // [callback, info] while a registration is under way, else MP_OBJ_NULL
    const cloud_t *cloud;
    byte *scratch;    // memory that the core has for it, or NULL
    aliyun_iot_link_id link;
    bool beside;      // whether the device was connected when it began
    bool succeeded;   // how the last one ended
} registration_t;

extern const service_t register_service;

static registration_t *state(device_obj_t *self) {
    return service_state(self, &register_service);
}

// The registration has ended, or ends now. Without a connection the device is off then.
static void release(device_obj_t *self) {
    registration_t *it = state(self);
    bool started;
    CORE_LOCKED(&self->core, aliyun_iot_cancel_registration(self->core.device);
        started = aliyun_iot_is_started(self->core.device));
    it->waiting = MP_OBJ_NULL;
    it->scratch = NULL;
    if (!started) {
        device_release(self);
        return;
    }
    link_close(&self->links[it->link]);
    tls_forget(&self->links[it->link].trust);
}

// What a name is made of where the platform takes any: the board's own number, or MP_OBJ_NULL where there is none.
static mp_obj_t unique_name(void) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t id = runtime_call(runtime_import(MP_QSTR_machine), MP_QSTR_unique_id, 0, NULL);
        mp_obj_t hex = runtime_call(runtime_import(MP_QSTR_binascii), MP_QSTR_hexlify, 1, &id);
        mp_obj_t name = runtime_call(hex, MP_QSTR_decode, 0, NULL);
        nlr_pop();
        return name;
    }
    return MP_OBJ_NULL;
}

static bool equal(aliyun_iot_bytes text, const char *wanted) {
    return text.data != NULL && text.len == strlen(wanted) && memcmp(text.data, wanted, text.len) == 0;
}

static int32_t start(const core_t *core, const plan_t *plan, byte *scratch) {
    aliyun_iot_buffer memory = { scratch, plan->scratch };
    #if ALIYUN_IOT_HAS_VENDORS
    if (plan->cloud->vendor != 0) {
        return aliyun_iot_register_vendor(core->device, &plan->as.vendor, memory, port_ticks_ms());
    }
    #endif
    return aliyun_iot_register_aliyun(core->device, &plan->as.aliyun, memory, port_ticks_ms());
}

// Begins; the events of the core do the rest. `info` is what getDeviceInfo() will return, without the secret.
static void begin(device_obj_t *self, const plan_t *plan, mp_obj_t callback, mp_obj_t info) {
    // All that may raise comes before the core begins.
    mp_obj_t items[2];
    items[0] = callback;
    items[1] = info;
    mp_obj_t waiting = mp_obj_new_list(2, items);
    registration_t *it = state(self);
    if (plan->scratch > 0) {
        it->scratch = m_new(byte, plan->scratch);
        runtime_settle(it->scratch);
    }
    if (!it->beside) {
        device_wake(self);
    }
    runtime_store(&it->waiting, waiting);
    core_set_clock(&self->core);
    int32_t status;
    CORE_CALL(&self->core, status, start(&self->core, plan, it->scratch));
    if (status != ALIYUN_IOT_STATUS_OK) {
        release(self);
        result_raise_login("register", plan->cloud, status);
    }
}

// Blocks until the registration has ended, or Ctrl-C.
static void wait(device_obj_t *self) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        for (;;) {
            pump_run(&self->pump);
            if (state(self)->waiting == MP_OBJ_NULL) {
                break;
            }
            mp_hal_delay_ms(LOOK_AGAIN_MS);
        }
        nlr_pop();
        return;
    }
    // The script has given up: no callback is called for the registration any more.
    bool driving = drive_acquire(&self->drive);
    release(self);
    if (driving) {
        drive_release(&self->drive);
    }
    nlr_jump(nlr.ret_val);
}

static void call(device_obj_t *self, mp_obj_t callback, mp_obj_t secret) {
    if (callback != mp_const_none) {
        bool held = runtime_interrupts_hold();
        callback_call_now(&self->calls, "register", callback, secret);
        runtime_interrupts_restore(held);
    }
}

// Raises OSError if the device cannot register now. Returns whether it is connected, or connecting, meanwhile.
static bool check_free(device_obj_t *self, bool https) {
    if (https && self->core.device != NULL && self->pump.wake != NULL) {
        bool beside;
        CORE_LOCKED(&self->core, beside = aliyun_iot_is_started(self->core.device) && !aliyun_iot_is_registering(self->core.device));
        if (beside) {
            return true;
        }
    }
    device_check_idle(self);
    return false;
}

// Alibaba's: over HTTPS, or over MQTT with a session that is not the user's.
static void plan_aliyun(plan_t *plan, register_args_t *args, mp_obj_t data) {
    static const char unlisted[] = HAAS_AUTH_TYPE;
    mp_obj_t name = MP_OBJ_NULL;
    if (args->deviceName.data == NULL) {
        if (args->authType.data == NULL || equal(args->authType, unlisted)) {
            args->authType = (aliyun_iot_bytes) { (const uint8_t *)unlisted, sizeof(unlisted) - 1 };
            name = unique_name();
        }
        if (name == MP_OBJ_NULL) {
            arg_missing(data, "deviceName", &register_choice, args->cloud, "");
        }
        args->deviceName = arg_text(name, "deviceName");
    }
    aliyun_iot_aliyun_registration *it = &plan->as.aliyun;
    *it = (aliyun_iot_aliyun_registration) {
        .identity = LOGIN_IDENTITY(*args),
        .server = LOGIN_SERVER(*args),
        .product_secret = args->productSecret,
        .auth_type = args->authType,
    };
    plan->region = LOGIN_REGION(*args);
    plan->product = args->productKey;
    plan->server = &it->server;
    plan->https = args->authType.data == NULL ? args->instanceId.data == NULL : equal(args->authType, "https");
    plan->scratch = plan->https ? SCRATCH_SIZE : 0;
}

#if ALIYUN_IOT_HAS_VENDORS
static void plan_vendor(plan_t *plan, const register_args_t *args) {
    aliyun_iot_vendor_registration *it = &plan->as.vendor;
    *it = (aliyun_iot_vendor_registration) {
        .vendor = plan->cloud->vendor,
        .legacy = args->legacy,
        .server = LOGIN_SERVER(*args),
        .product_id = args->productId,
        .device_name = args->deviceName,
        .product_secret = args->productSecret,
        .user_id = args->userId,
        .user_key = args->userKey,
        .region = args->region,
        .instance_id = args->endpoint,
        .project_id = args->projectId,
        .iam_user = args->iamUser,
        .iam_password = args->iamPassword,
        .iam_domain = args->iamDomain,
    };
    plan->region = args->region;
    plan->product = args->productId;
    plan->server = &it->server;
    plan->https = true;
    plan->scratch = it->vendor == ALIYUN_IOT_VENDOR_TENCENT ? SCRATCH_SIZE_TENCENT
        : it->vendor == ALIYUN_IOT_VENDOR_HUAWEI ? SCRATCH_SIZE_HUAWEI : SCRATCH_SIZE;
}
#endif

// The name under which the store has the devices of a cloud, or NULL.
static const char *stored_as(const cloud_t *cloud) {
    return cloud->vendor == 0 ? NULL : cloud->name;
}

mp_obj_t device_register(mp_obj_t self_in, mp_obj_t data, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    register_args_t args;
    register_args(data, &args);
    callback_or_null("register", callback);
    endpoint_check_host("register", args.host);
    plan_t plan;
    memset(&plan, 0, sizeof(plan));
    plan.cloud = &clouds_list[args.cloud];
    #if ALIYUN_IOT_HAS_VENDORS
    if (plan.cloud->vendor != 0) {
        plan_vendor(&plan, &args);
    } else
    #endif
    {
        plan_aliyun(&plan, &args, data);
    }
    bool beside = check_free(self, plan.https);
    mp_obj_t info = identity_info(plan.region, plan.product, args.productSecret, args.deviceName, (aliyun_iot_bytes) { NULL, 0 });
    identity_t stored = identity_find(stored_as(plan.cloud), plan.product, args.deviceName);
    if (stored.secret != MP_OBJ_NULL) {
        runtime_set(info, MP_QSTR_deviceSecret, stored.secret);
        if (!beside) {
            runtime_store(&self->info, info);
        }
        bool certified = ALIYUN_IOT_HAS_VENDORS && plan.cloud->vendor != 0 && stored.other != MP_OBJ_NULL;
        call(self, callback, certified ? stored.other : stored.secret);
        return MP_OBJ_NEW_SMALL_INT(0);
    }

    registration_t *it = state(self);
    it->link = plan.https ? ALIYUN_IOT_LINK_HTTP : ALIYUN_IOT_LINK_SESSION;
    it->cloud = plan.cloud;
    it->beside = beside;
    it->succeeded = false;
    endpoint_redirect(plan.https, &plan.server->host, &plan.server->port);
    tls_t *trust = &self->links[it->link].trust;
    // Who signs for a vendor's web services is not who signs for its brokers.
    tls_set_clouds(trust, plan.cloud->vendor == 0 ? ROOTS_OF(0) : ROOTS_OF_ALL);
    tls_set_ca(trust, args.ca);
    if (!beside) {
        core_make(&self->core, ALIYUN_IOT_RX_SIZE);
        device_set_name(self, args.deviceName);
    }
    begin(self, &plan, callback, info);
    self->pump.again = true;
    if (pump_is_here(&self->pump)) {
        // Called from a callback: the pump goes on when that has returned.
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    wait(self);
    return MP_OBJ_NEW_SMALL_INT(state(self)->succeeded ? 0 : -1);
}

// The device has a secret, and what goes with it: the client identifier of a token, or the certificate of a private key.
static void on_success(device_obj_t *self, aliyun_iot_bytes given, aliyun_iot_bytes with) {
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(state(self)->waiting, 2, &items);
    mp_obj_t callback = items[0], info = items[1];
    mp_obj_t secret = runtime_text(given);
    mp_obj_t other = with.data == NULL ? MP_OBJ_NULL : runtime_text(with);
    bool beside = state(self)->beside;
    const char *cloud = stored_as(state(self)->cloud);
    release(self);
    runtime_set(info, MP_QSTR_deviceSecret, secret);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        // First of all: once it has connected with it, the device gets no other.
        identity_store(cloud, info, other);
        nlr_pop();
    } else {
        if (!mp_obj_exception_match(MP_OBJ_FROM_PTR(nlr.ret_val), MP_OBJ_FROM_PTR(&mp_type_OSError))) {
            nlr_jump(nlr.ret_val);
        }
        vstr_t message;
        mp_print_t print;
        vstr_init_print(&message, 64, &print);
        mp_print_str(&print, "the new secret could not be stored, so it is not used: ");
        mp_obj_print_helper(&print, MP_OBJ_FROM_PTR(nlr.ret_val), PRINT_STR);
        error_report(self, ERROR_STORE, mp_obj_new_str_from_vstr(&message));
        return;
    }
    if (!beside) {
        runtime_store(&self->info, info);
    }
    state(self)->succeeded = true;
    if (callback != mp_const_none) {
        callback_call(&self->calls, "register", callback, cloud != NULL && other != MP_OBJ_NULL ? other : secret);
    }
}

static void on_failure(device_obj_t *self, int code, mp_obj_t message) {
    release(self);
    error_report(self, code, message);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE) {
        on_success(self, event->as.registration.done.secret, event->as.registration.done.client_id);
    } else if (ALIYUN_IOT_HAS_VENDORS && event->kind == ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED) {
        on_success(self, event->as.registration.certified.private_key, event->as.registration.certified.certificate);
    } else if (event->kind == ALIYUN_IOT_EVENT_REGISTRATION_REFUSED) {
        const aliyun_iot_registration_refused *refused = &event->as.registration.refused;
        on_failure(self, refused->code, refused->message.len > 0 ? runtime_text(refused->message)
            : runtime_words("the server refused the registration"));
    } else {
        aliyun_iot_loss loss = event->as.registration.failed.loss;
        aliyun_iot_link_id link = state(self)->link;
        on_failure(self, error_code_of(self, link, loss), error_words_of(self, link, loss));
    }
}

static void on_closed(device_obj_t *self) {
    state(self)->waiting = MP_OBJ_NULL;
    state(self)->scratch = NULL;
}

const service_t register_service = {
    .family = ALIYUN_IOT_EVENT_REGISTRATION_DONE,
    .state_size = sizeof(registration_t),
    .on_event = on_event,
    .on_closed = on_closed,
};
