// The vendor clouds: Tencent, OneNET, Huawei, Tuya, Baidu, TLINK. Their logins differ in the core; here only the keys do.

#include "base/others.h"
#include "base/port.h"
#include "clouds/login.h"
#include "clouds/vendor.h"
#include "store/identity.h"

#if ALIYUN_IOT_HAS_VENDORS

static aliyun_iot_bytes either(aliyun_iot_bytes first, aliyun_iot_bytes second) {
    return first.data != NULL ? first : second;
}

// What a registration has stored, in place of what was not given.
static void recall(login_t *login, aliyun_iot_vendor_login *it) {
    const connect_args_t *args = login->args;
    if (it->device_secret.data != NULL || it->product_secret.data != NULL || it->with_certificate || it->product_id.data == NULL) {
        return;
    }
    identity_t stored = identity_find(clouds_list[args->cloud].name, it->product_id, it->device_name);
    login->stored[0] = stored.secret;
    login->stored[1] = stored.other;
    login->lacks_secret = stored.secret == MP_OBJ_NULL;
    if (stored.other == MP_OBJ_NULL) {
        it->device_secret = arg_text(stored.secret, "deviceSecret");
        return;
    }
    login->cert = arg_text(stored.other, "cert");
    login->key = arg_text(stored.secret, "key");
    it->with_certificate = true;
}

static bool registers(uint32_t vendor) {
    return vendor == ALIYUN_IOT_VENDOR_TENCENT || vendor == ALIYUN_IOT_VENDOR_ONENET || vendor == ALIYUN_IOT_VENDOR_HUAWEI;
}

// Of two keys that become one field, a cloud has only one.
void vendor_fill(login_t *login, uint32_t vendor) {
    const connect_args_t *args = login->args;
    aliyun_iot_vendor_login *it = &login->as.vendor;
    *it = (aliyun_iot_vendor_login) {
        .vendor = vendor,
        .with_certificate = args->cert.data != NULL,
        .server = LOGIN_SERVER(*args),
        .product_id = either(args->productId, args->userName),
        .device_name = args->deviceName,
        .device_secret = args->deviceSecret,
        .product_secret = either(args->productSecret, args->password),
        .sign_method = args->signMethod,
        .region = args->region,
        .instance_id = either(args->instanceId, args->endpoint),
        .service_id = args->serviceId,
    };
    if (registers(vendor)) {
        recall(login, it);
    }
    login->server = &it->server;
    login->region = args->region;
    login->product = it->product_id;
    login->device = args->deviceName;
    login->product_secret = it->product_secret;
    login->secret = it->device_secret;
}

int32_t vendor_connect(const core_t *core, const login_t *login, const aliyun_iot_options *options) {
    uint32_t now = port_ticks_ms();
    return aliyun_iot_connect_vendor(core->device, &login->as.vendor, options, now);
}

static bool is(const char *field, size_t len, const char *wanted) {
    return strlen(wanted) == len && memcmp(field, wanted, len) == 0;
}

const char *vendor_key_of(uint32_t vendor, const char *field, size_t len) {
    if (vendor == ALIYUN_IOT_VENDOR_TLINK) {
        return is(field, len, "productId") ? "userName" : is(field, len, "productSecret") ? "password" : NULL;
    }
    return vendor == ALIYUN_IOT_VENDOR_HUAWEI && is(field, len, "instanceId") ? "endpoint" : NULL;
}

#endif
