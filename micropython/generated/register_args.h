// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

#include "generated/register_keys.h"

static const char *const register_clouds[] = { "aliyun", "tencent", "onenet", "huawei", NULL };
// Keys, the cases that have them, and those that need them.
static const arg_key_t register_keys[] = {
    { "cloud", 0xffff, 0 },
    { "productKey", 0x1, 0x1 },
    { "deviceName", 0xf, 0xe },
    { "productSecret", 0x3, 0x3 },
    { "region", 0x9, 0x0 },
    { "keepaliveSec", 0x1, 0x0 },
    { "instanceId", 0x1, 0x0 },
    { "authType", 0x1, 0x0 },
    { "signMethod", 0x1, 0x0 },
    { "host", 0xf, 0x0 },
    { "port", 0xf, 0x0 },
    { "tls", 0xf, 0x0 },
    { "ca", 0xf, 0x0 },
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_onenet && ALIYUN_IOT_WITHOUT_huawei)
    { "productId", 0xe, 0xe },
#endif
#if !(ALIYUN_IOT_WITHOUT_tencent)
    { "legacy", 0x2, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_onenet)
    { "userId", 0x4, 0x4 },
#endif
#if !(ALIYUN_IOT_WITHOUT_onenet)
    { "userKey", 0x4, 0x4 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "endpoint", 0x8, 0x0 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "projectId", 0x8, 0x8 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "iamUser", 0x8, 0x8 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "iamPassword", 0x8, 0x8 },
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    { "iamDomain", 0x8, 0x8 },
#endif
    { NULL, 0, 0 },
};
// The file that includes this has `void register_check(unsigned cloud)`, which raises if firmware leaves it out.
static const arg_choice_t register_choice = { "register", "cloud", register_clouds, register_keys, register_check };

static void register_args(mp_obj_t data, register_args_t *args) {
    unsigned cloud = arg_choose(data, MP_QSTR_cloud, &register_choice);
    memset(args, 0, sizeof(*args));
    args->cloud = cloud;
    args->productKey = arg_text(arg_get_in(data, MP_QSTR_productKey, 0x1, cloud), "productKey");
    args->deviceName = arg_text(arg_get(data, MP_QSTR_deviceName), "deviceName");
    args->productSecret = arg_text(arg_get_in(data, MP_QSTR_productSecret, 0x3, cloud), "productSecret");
    args->region = arg_text(arg_get_in(data, MP_QSTR_region, 0x9, cloud), "region");
    args->keepaliveSec = arg_clamped(arg_get_in(data, MP_QSTR_keepaliveSec, 0x1, cloud), "keepaliveSec", 30, 1200);
    args->instanceId = arg_text(arg_get_in(data, MP_QSTR_instanceId, 0x1, cloud), "instanceId");
    args->authType = arg_text(arg_get_in(data, MP_QSTR_authType, 0x1, cloud), "authType");
    args->signMethod = arg_text(arg_get_in(data, MP_QSTR_signMethod, 0x1, cloud), "signMethod");
    args->host = arg_text(arg_get(data, MP_QSTR_host), "host");
    args->port = arg_int(arg_get(data, MP_QSTR_port), "port", 1, 65535);
    args->tls = arg_bool(arg_get(data, MP_QSTR_tls), "tls", true);
    args->ca = arg_data(arg_get(data, MP_QSTR_ca), "ca");
#if !(ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_onenet && ALIYUN_IOT_WITHOUT_huawei)
    args->productId = arg_text(arg_get_in(data, MP_QSTR_productId, 0xe, cloud), "productId");
#endif
#if !(ALIYUN_IOT_WITHOUT_tencent)
    args->legacy = arg_bool(arg_get_in(data, MP_QSTR_legacy, 0x2, cloud), "legacy", false);
#endif
#if !(ALIYUN_IOT_WITHOUT_onenet)
    args->userId = arg_text(arg_get_in(data, MP_QSTR_userId, 0x4, cloud), "userId");
#endif
#if !(ALIYUN_IOT_WITHOUT_onenet)
    args->userKey = arg_text(arg_get_in(data, MP_QSTR_userKey, 0x4, cloud), "userKey");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->endpoint = arg_text(arg_get_in(data, MP_QSTR_endpoint, 0x8, cloud), "endpoint");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->projectId = arg_text(arg_get_in(data, MP_QSTR_projectId, 0x8, cloud), "projectId");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->iamUser = arg_text(arg_get_in(data, MP_QSTR_iamUser, 0x8, cloud), "iamUser");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->iamPassword = arg_text(arg_get_in(data, MP_QSTR_iamPassword, 0x8, cloud), "iamPassword");
#endif
#if !(ALIYUN_IOT_WITHOUT_huawei)
    args->iamDomain = arg_text(arg_get_in(data, MP_QSTR_iamDomain, 0x8, cloud), "iamDomain");
#endif
}
