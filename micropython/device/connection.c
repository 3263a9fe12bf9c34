// Methods of the connection: who connects where, as whom, and when does it end?

#include "base/others.h"
#include "clouds/cloud.h"
#include "device/api.h"
#include "device/results.h"
#include "net/endpoint.h"
#include "store/identity.h"

// Raises if this firmware leaves the cloud out.
static void connect_check(unsigned cloud) {
    result_check_cloud("connect", cloud);
}

#include "generated/connection_args.h"

mp_obj_t device_connect(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    connect_args_t args;
    connect_args(data, &args);
    const cloud_t *cloud = &clouds_list[args.cloud];
    device_check_idle(self);
    endpoint_check_host("connect", args.host);
    login_t login;
    memset(&login, 0, sizeof(login));
    login.args = &args;
    login.cert = args.cert;
    login.key = args.key;
    cloud->fill(&login, cloud->vendor);
    if (login.lacks_secret) {
        arg_missing(data, "deviceSecret", &connect_choice, args.cloud, ", and none is stored for this device: register() it first");
    }
    core_make(&self->core, args.rxBuffer == ARG_INT_NONE ? ALIYUN_IOT_RX_SIZE : args.rxBuffer);
    // The core's 0 is the default.
    aliyun_iot_options options = {
        .keepalive = args.keepaliveSec == ARG_INT_NONE ? 0 : args.keepaliveSec,
        .connect_timeout = args.connectTimeout == ARG_INT_NONE ? 0 : args.connectTimeout,
        .offline_queue = args.offlineQueue == ARG_INT_NONE ? 0 : args.offlineQueue,
        .without_offline_queue = args.offlineQueue == 0,
        .without_keepalive = args.keepaliveSec == 0,
        .keep_session = !args.cleanSession,
        .without_services = !args.services,
    };
    endpoint_redirect(false, &login.server->host, &login.server->port);

    if (ALIYUN_IOT_HAS_CERTIFICATES && !args.tls && login.cert.data != NULL) {
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'cert' needs TLS"));
    }

    // All that may raise comes before the core begins.
    mp_obj_t info = identity_info(login.region, login.product, login.product_secret, login.device, login.secret);
    tls_t *trust = &self->links[ALIYUN_IOT_LINK_SESSION].trust;
    tls_set_clouds(trust, cloud->feature == ALIYUN_IOT_FEATURE_PLAIN ? ROOTS_OF_ALL : ROOTS_OF(cloud->vendor));
    tls_set_ca(trust, args.ca);
    tls_set_certificate(trust, login.cert, login.key);
    device_set_name(self, login.device);
    device_wake(self);
    core_set_clock(&self->core);
    int32_t status;
    CORE_CALL(&self->core, status, cloud->connect(&self->core, &login, &options));
    if (status != ALIYUN_IOT_STATUS_OK) {
        device_release(self);
        result_raise_login("connect", cloud, status);
    }
    runtime_store(&self->info, info);
    self->cloud = cloud;
    self->has_services = args.services;
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
