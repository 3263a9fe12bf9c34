// `Device.register()`: has the platform give the device a secret of its own, and stores it. It blocks, as it did on HaaS
// firmware, for 65 seconds at most, which is when the core gives up.

#include <string.h>

#include "device.h"
#include "args.h"
#include "generated/register_args.h"
#include "store.h"

// How soon to look again while it blocks; wake-ups make it sooner.
#define LOOK_AGAIN_MS (5)

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

// Begins; the events of the core do the rest. `info` is what getDeviceInfo() will tell, but for the secret.
static void begin(device_obj_t *self, const aliyun_iot_registration *registration, mp_obj_t callback, mp_obj_t info) {
    // All that may raise comes before the core begins.
    mp_obj_t items[2];
    items[0] = callback;
    items[1] = info;
    mp_obj_t waiting = mp_obj_new_list(2, items);
    device_wake(self);
    runtime_store(&self->registration, waiting);
    device_lock(self);
    aliyun_iot_status status = aliyun_iot_register(self->core, registration, port_ticks_ms());
    device_unlock(self);
    if (status != ALIYUN_IOT_STATUS_OK) {
        device_release(self);
        device_raise("register", status);
    }
}

// Blocks until the registration has ended, or Ctrl-C.
static void wait(device_obj_t *self) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        for (;;) {
            device_pump(self);
            if (self->registration == MP_OBJ_NULL) {
                break;
            }
            mp_hal_delay_ms(LOOK_AGAIN_MS);
        }
        nlr_pop();
        return;
    }
    // The script has given up: nobody is told anything of it any more.
    if (device_drive(self)) {
        device_reset_core(self);
        device_let_go(self);
    }
    device_release(self);
    nlr_jump(nlr.ret_val);
}

static void tell(device_obj_t *self, mp_obj_t callback, mp_obj_t secret) {
    if (callback != mp_const_none) {
        bool held = runtime_interrupts_hold();
        callback_call_now(self, "register", callback, secret);
        runtime_interrupts_restore(held);
    }
}

mp_obj_t device_register(mp_obj_t self_in, mp_obj_t data, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    register_args_t args;
    register_args(data, &args);
    callback_or_null("register", callback);
    device_check_idle(self);
    endpoint_check_host("register", args.host);
    static const char unlisted[] = "regnwl";
    mp_obj_t name = MP_OBJ_NULL;
    if (args.deviceName.data == NULL) {
        if (args.authType.data == NULL || equal(args.authType, unlisted)) {
            args.authType = (aliyun_iot_bytes) { (const uint8_t *)unlisted, sizeof(unlisted) - 1 };
            name = unique_name();
        }
        args.deviceName = arg_text(arg_required(data, name, "register", "deviceName", register_keys), "deviceName");
    }
    mp_obj_t info = identity_info(args.region, args.productKey, args.productSecret, args.deviceName, (aliyun_iot_bytes) { (const uint8_t *)"", 0 });
    identity_t stored = identity_find(args.productKey, args.deviceName);
    if (stored.secret != MP_OBJ_NULL) {
        runtime_set(info, MP_QSTR_deviceSecret, stored.secret);
        runtime_store(&self->info, info);
        tell(self, callback, stored.secret);
        return MP_OBJ_NEW_SMALL_INT(0);
    }

    aliyun_iot_registration registration = {
        .product_key = args.productKey,
        .device_name = args.deviceName,
        .product_secret = args.productSecret,
        .region = args.region,
        .instance_id = args.instanceId,
        .host = args.host,
        .auth_type = args.authType,
        .sign_method = args.signMethod,
        .port = args.port == ARG_INT_NONE ? 0 : args.port,
        .without_tls = !args.tls,
    };
    bool https = args.authType.data == NULL ? args.instanceId.data == NULL : equal(args.authType, "https");
    endpoint_redirect(https, &registration.host, &registration.port);
    device_make_core(self, ALIYUN_IOT_RX_SIZE);
    runtime_store(&self->ca, args.ca.data == NULL ? MP_OBJ_NULL : mp_obj_new_bytes(args.ca.data, args.ca.len));
    self->registered = false;
    self->name = runtime_text(args.deviceName);
    console_forget(self);
    begin(self, &registration, callback, info);
    self->pump_again = true;
    if (device_pumps_here(self)) {
        // Called from a callback: the pump goes on when that has returned.
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    wait(self);
    return MP_OBJ_NEW_SMALL_INT(self->registered ? 0 : -1);
}

void register_succeeded(device_obj_t *self, const aliyun_iot_event *event) {
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(self->registration, 2, &items);
    mp_obj_t callback = items[0], info = items[1];
    mp_obj_t secret = runtime_text(event->payload);
    mp_obj_t client_id = event->name.data == NULL ? MP_OBJ_NULL : runtime_text(event->name);
    device_release(self);
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
        device_tell_error_str(self, ERROR_STORE, mp_obj_new_str_from_vstr(&message));
        return;
    }
    runtime_store(&self->info, info);
    self->registered = true;
    if (callback != mp_const_none) {
        callback_call(self, "register", callback, secret);
    }
}

void register_failed(device_obj_t *self, const aliyun_iot_event *event) {
    int code = device_loss_code(self, event);
    mp_obj_t message = event->payload.len > 0 ? runtime_text(event->payload)
        : event->loss == ALIYUN_IOT_LOSS_REFUSED && code > 5 ? runtime_words("the server refused the registration")
        : device_loss_words(self, event);
    device_release(self);
    device_tell_error_str(self, code, message);
}
