// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

#include "generated/connect_keys.h"

static const char *const connect_clouds[] = { "aliyun", "tencent", "onenet", "huawei", "tuya", "baidu", "tlink", "plain", NULL };
// Keys, the cases that have them, and those that need them.
static const arg_key_t connect_keys[] = {
    { "cloud", 0xffff, 0 },
    { "productKey", 0x1, 0x1 },
    { "deviceName", 0x7f, 0x7f },
    { "deviceSecret", 0x3f, 0x10 },
    { "region", 0x39, 0x0 },
    { "instanceId", 0x21, 0x20 },
    { "signMethod", 0x27, 0x0 },
    { "clientId", 0x81, 0x0 },
    { "deviceToken", 0x1, 0x0 },
    { "keepaliveSec", 0xff, 0x0 },
    { "host", 0xff, 0x80 },
    { "port", 0xff, 0x0 },
    { "tls", 0xff, 0x0 },
    { "ca", 0xff, 0x0 },
    { "cleanSession", 0xff, 0x0 },
    { "connectTimeout", 0xff, 0x0 },
    { "offlineQueue", 0xff, 0x0 },
    { "rxBuffer", 0xff, 0x0 },
    { "services", 0xff, 0x0 },
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_onenet && ALIYUN_IOT_WITHOUT_huawei)
    { "productId", 0xe, 0x6 },
#endif
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_huawei && ALIYUN_IOT_WITHOUT_baidu && ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    { "cert", 0xea, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_huawei && ALIYUN_IOT_WITHOUT_baidu && ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    { "key", 0xea, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_onenet)
    { "productSecret", 0x4, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "endpoint", 0x8, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "serviceId", 0x8, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    { "userName", 0xc0, 0x40 },
#endif
#if !(ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    { "password", 0xc0, 0x40 },
#endif
    { NULL, 0, 0 },
};
// The file that includes this has `void connect_check(unsigned cloud)`, which raises if firmware leaves it out.
static const arg_choice_t connect_choice = { "connect", "cloud", connect_clouds, connect_keys, connect_check };

static void connect_args(mp_obj_t data, connect_args_t *args) {
    unsigned cloud = arg_choose(data, MP_QSTR_cloud, &connect_choice);
    memset(args, 0, sizeof(*args));
    args->cloud = cloud;
    args->productKey = arg_text(arg_get_in(data, MP_QSTR_productKey, 0x1, cloud), "productKey");
    args->deviceName = arg_text(arg_get_in(data, MP_QSTR_deviceName, 0x7f, cloud), "deviceName");
    args->deviceSecret = arg_text(arg_get_in(data, MP_QSTR_deviceSecret, 0x3f, cloud), "deviceSecret");
    args->region = arg_text(arg_get_in(data, MP_QSTR_region, 0x39, cloud), "region");
    args->instanceId = arg_text(arg_get_in(data, MP_QSTR_instanceId, 0x21, cloud), "instanceId");
    args->signMethod = arg_text(arg_get_in(data, MP_QSTR_signMethod, 0x27, cloud), "signMethod");
    args->clientId = arg_text(arg_get_in(data, MP_QSTR_clientId, 0x81, cloud), "clientId");
    args->deviceToken = arg_text(arg_get_in(data, MP_QSTR_deviceToken, 0x1, cloud), "deviceToken");
    args->keepaliveSec = arg_clamped(arg_get(data, MP_QSTR_keepaliveSec), "keepaliveSec", cloud == 7 ? 0 : 30, cloud == 1 ? 900 : cloud == 7 ? 65535 : 1200);
    args->host = arg_text(arg_get(data, MP_QSTR_host), "host");
    args->port = arg_int(arg_get(data, MP_QSTR_port), "port", 1, 65535);
    args->tls = arg_bool(arg_get(data, MP_QSTR_tls), "tls", true);
    args->ca = arg_data(arg_get(data, MP_QSTR_ca), "ca");
    args->cleanSession = arg_bool(arg_get(data, MP_QSTR_cleanSession), "cleanSession", true);
    args->connectTimeout = arg_int(arg_get(data, MP_QSTR_connectTimeout), "connectTimeout", 1, 600);
    args->offlineQueue = arg_int(arg_get(data, MP_QSTR_offlineQueue), "offlineQueue", 0, 20);
    args->rxBuffer = arg_int(arg_get(data, MP_QSTR_rxBuffer), "rxBuffer", 256, 307200);
    args->services = arg_bool(arg_get(data, MP_QSTR_services), "services", true);
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_onenet && ALIYUN_IOT_WITHOUT_huawei)
    args->productId = arg_text(arg_get_in(data, MP_QSTR_productId, 0xe, cloud), "productId");
#endif
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_huawei && ALIYUN_IOT_WITHOUT_baidu && ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    args->cert = arg_data(arg_get_in(data, MP_QSTR_cert, 0xea, cloud), "cert");
#endif
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_huawei && ALIYUN_IOT_WITHOUT_baidu && ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    args->key = arg_data(arg_get_in(data, MP_QSTR_key, 0xea, cloud), "key");
#endif
#if !(ALIYUN_IOT_WITHOUT_onenet)
    args->productSecret = arg_text(arg_get_in(data, MP_QSTR_productSecret, 0x4, cloud), "productSecret");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->endpoint = arg_text(arg_get_in(data, MP_QSTR_endpoint, 0x8, cloud), "endpoint");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->serviceId = arg_text(arg_get_in(data, MP_QSTR_serviceId, 0x8, cloud), "serviceId");
#endif
#if !(ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    args->userName = arg_text(arg_get_in(data, MP_QSTR_userName, 0xc0, cloud), "userName");
#endif
#if !(ALIYUN_IOT_WITHOUT_tlink && ALIYUN_IOT_WITHOUT_plain)
    args->password = arg_text(arg_get_in(data, MP_QSTR_password, 0xc0, cloud), "password");
#endif
}
