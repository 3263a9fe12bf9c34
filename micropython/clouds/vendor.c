// The vendor clouds: Tencent, OneNET, Huawei, Tuya, Baidu, TLINK. Their logins differ in the core; here only the keys do.

#include "base/port.h"
#include "clouds/login.h"
#include "clouds/vendor.h"

static aliyun_iot_bytes either(aliyun_iot_bytes first, aliyun_iot_bytes second) {
    return first.data != NULL ? first : second;
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
