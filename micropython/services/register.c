// `Device.register()`: gets a device secret from the platform and stores it. It blocks, as it did on HaaS firmware, for up to
// 65 seconds: then the core gives up. Over HTTPS it has a link of its own, so the device may be connected meanwhile.

#include <string.h>

#include "base/args.h"
#include "base/haas.h"
#include "clouds/login.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/device_errors.h"
#include "generated/register_args.h"
#include "net/endpoint.h"
#include "store/identity.h"

// How soon to look again while it blocks; wake-ups make it sooner.
#define LOOK_AGAIN_MS (5)
// Bytes for the request and the response over HTTPS.
#define SCRATCH_SIZE (2048)

typedef struct {
    mp_obj_t waiting; // [callback, info] while a registration is under way, else MP_OBJ_NULL
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

// Begins; the events of the core do the rest. `info` is what getDeviceInfo() will return, without the secret.
static void begin(device_obj_t *self, const aliyun_iot_aliyun_registration *registration, mp_obj_t callback, mp_obj_t info) {
    // All that may raise comes before the core begins.
    mp_obj_t items[2];
    items[0] = callback;
    items[1] = info;
    mp_obj_t waiting = mp_obj_new_list(2, items);
    registration_t *it = state(self);
    size_t size = it->link == ALIYUN_IOT_LINK_HTTP ? SCRATCH_SIZE : 0;
    if (size > 0) {
        it->scratch = m_new(byte, size);
        runtime_settle(it->scratch);
    }
    if (!it->beside) {
        device_wake(self);
    }
    runtime_store(&it->waiting, waiting);
    int32_t status;
    CORE_CALL(&self->core, status, aliyun_iot_register_aliyun(self->core.device, registration,
        (aliyun_iot_buffer) { it->scratch, size }, port_ticks_ms()));
    if (status != ALIYUN_IOT_STATUS_OK) {
        release(self);
        result_raise("register", status);
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

mp_obj_t device_register(mp_obj_t self_in, mp_obj_t data, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    register_args_t args;
    register_args(data, &args);
    callback_or_null("register", callback);
    endpoint_check_host("register", args.host);
    static const char unlisted[] = HAAS_AUTH_TYPE;
    mp_obj_t name = MP_OBJ_NULL;
    if (args.deviceName.data == NULL) {
        if (args.authType.data == NULL || equal(args.authType, unlisted)) {
            args.authType = (aliyun_iot_bytes) { (const uint8_t *)unlisted, sizeof(unlisted) - 1 };
            name = unique_name();
        }
        args.deviceName = arg_text(arg_required(data, name, "register", "deviceName", register_keys), "deviceName");
    }
    bool https = args.authType.data == NULL ? args.instanceId.data == NULL : equal(args.authType, "https");
    bool beside = check_free(self, https);
    mp_obj_t info = identity_info(LOGIN_REGION(args), args.productKey, args.productSecret, args.deviceName, (aliyun_iot_bytes) { NULL, 0 });
    identity_t stored = identity_find(args.productKey, args.deviceName);
    if (stored.secret != MP_OBJ_NULL) {
        runtime_set(info, MP_QSTR_deviceSecret, stored.secret);
        if (!beside) {
            runtime_store(&self->info, info);
        }
        call(self, callback, stored.secret);
        return MP_OBJ_NEW_SMALL_INT(0);
    }

    aliyun_iot_aliyun_registration registration = {
        .identity = LOGIN_IDENTITY(args),
        .server = LOGIN_SERVER(args),
        .product_secret = args.productSecret,
        .auth_type = args.authType,
    };
    registration_t *it = state(self);
    it->link = https ? ALIYUN_IOT_LINK_HTTP : ALIYUN_IOT_LINK_SESSION;
    it->beside = beside;
    it->succeeded = false;
    endpoint_redirect(https, &registration.server.host, &registration.server.port);
    tls_set_clouds(&self->links[it->link].trust, ROOTS_OF(0));
    tls_set_ca(&self->links[it->link].trust, args.ca);
    if (!beside) {
        core_make(&self->core, ALIYUN_IOT_RX_SIZE);
        device_set_name(self, args.deviceName);
    }
    begin(self, &registration, callback, info);
    self->pump.again = true;
    if (pump_is_here(&self->pump)) {
        // Called from a callback: the pump goes on when that has returned.
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    wait(self);
    return MP_OBJ_NEW_SMALL_INT(state(self)->succeeded ? 0 : -1);
}

static void on_success(device_obj_t *self, const aliyun_iot_registration_done *done) {
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(state(self)->waiting, 2, &items);
    mp_obj_t callback = items[0], info = items[1];
    mp_obj_t secret = runtime_text(done->secret);
    mp_obj_t client_id = done->client_id.data == NULL ? MP_OBJ_NULL : runtime_text(done->client_id);
    bool beside = state(self)->beside;
    release(self);
    runtime_set(info, MP_QSTR_deviceSecret, secret);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        // First of all: once it has connected with it, the device gets no other.
        identity_store(info, client_id);
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
        callback_call(&self->calls, "register", callback, secret);
    }
}

static void on_failure(device_obj_t *self, int code, mp_obj_t message) {
    release(self);
    error_report(self, code, message);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE) {
        on_success(self, &event->as.registration.done);
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
