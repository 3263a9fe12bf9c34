// Methods of the connection: who connects where, as whom, and when does it end?

#include "base/args.h"
#include "device/api.h"
#include "device/login.h"
#include "device/results.h"
#include "generated/connection_args.h"
#include "net/endpoint.h"
#include "store/identity.h"

// The identity that a registration has stored, in the place of a secret that was not given.
static identity_t stored_identity(mp_obj_t data, connect_args_t *args) {
    identity_t stored = identity_find(args->productKey, args->deviceName);
    if (stored.secret != MP_OBJ_NULL) {
        args->deviceSecret = arg_text(stored.secret, "deviceSecret");
        return stored;
    }
    if (arg_stray(data, connect_keys) != MP_OBJ_NULL) {
        arg_required(data, MP_OBJ_NULL, "connect", "deviceSecret", connect_keys);
    }
    mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'deviceSecret' is missing, and none is stored for this device: register() it first"));
}

mp_obj_t device_connect(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    connect_args_t args;
    connect_args(data, &args);
    device_check_idle(self);
    endpoint_check_host("connect", args.host);
    identity_t stored = { MP_OBJ_NULL, MP_OBJ_NULL };
    if (args.deviceSecret.data == NULL) {
        stored = stored_identity(data, &args);
    }
    core_make(&self->core, args.rxBuffer == ARG_INT_NONE ? ALIYUN_IOT_RX_SIZE : args.rxBuffer);

    aliyun_iot_aliyun_login login = {
        .identity = LOGIN_IDENTITY(args),
        .server = LOGIN_SERVER(args),
        .device_secret = args.deviceSecret,
    };
    // The core's 0 is the default.
    aliyun_iot_options options = {
        .keepalive = args.keepaliveSec == ARG_INT_NONE ? 0 : args.keepaliveSec,
        .connect_timeout = args.connectTimeout == ARG_INT_NONE ? 0 : args.connectTimeout,
        .offline_queue = args.offlineQueue == ARG_INT_NONE ? 0 : args.offlineQueue,
        .without_offline_queue = args.offlineQueue == 0,
        .keep_session = !args.cleanSession,
    };
    if (stored.client_id != MP_OBJ_NULL) {
        login.device_token = args.deviceSecret;
        login.client_id = arg_text(stored.client_id, "clientId");
    }
    endpoint_redirect(false, &login.server.host, &login.server.port);

    // All that may raise comes before the core begins.
    mp_obj_t info = identity_info(args.region, args.productKey, (aliyun_iot_bytes) { (const uint8_t *)"", 0 }, args.deviceName,
        args.deviceSecret);
    tls_set_ca(&self->links[ALIYUN_IOT_LINK_SESSION].trust, args.ca);
    device_set_name(self, args.deviceName);
    device_wake(self);
    int32_t status;
    CORE_CALL(&self->core, status, aliyun_iot_connect_aliyun(self->core.device, &login, &options, port_ticks_ms()));
    if (status != ALIYUN_IOT_STATUS_OK) {
        device_release(self);
        result_raise("connect", status);
    }
    runtime_store(&self->info, info);
    // The link is opened from the scheduler, so that this returns at once.
    pump_schedule(&self->pump);
    return MP_OBJ_NEW_SMALL_INT(0);
}

mp_obj_t device_end(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (device_close(self) != ALIYUN_IOT_STATUS_OK) {
        return MP_OBJ_NEW_SMALL_INT(ALIYUN_IOT_STATUS_NOT_CONNECTED);
    }
    if (pump_is_here(&self->pump)) {
        self->pump.again = true;
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    // The core gives up by itself after two seconds; the rest is for a locked heap, where the pump has to wait.
    uint32_t start = port_ticks_ms();
    for (;;) {
        pump_run(&self->pump);
        if (self->pump.wake == NULL || port_ticks_ms() - start > 3000) {
            break;
        }
        mp_hal_delay_ms(1);
    }
    return MP_OBJ_NEW_SMALL_INT(0);
}

mp_obj_t device_getDeviceInfo(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    return self->info == MP_OBJ_NULL ? identity_stored() : mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_dict), self->info);
}

mp_obj_t device_getDeviceHandle(mp_obj_t self_in) {
    return mp_obj_new_int_from_uint((uintptr_t)MP_OBJ_TO_PTR(self_in));
}

mp_obj_t device_poll(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    pump_run(&self->pump);
    uint32_t ms = pump_due_in(&self->pump);
    return ms == UINT32_MAX ? MP_OBJ_NEW_SMALL_INT(-1) : mp_obj_new_int_from_uint(ms & 0x3fffffff);
}
