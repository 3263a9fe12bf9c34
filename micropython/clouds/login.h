// What the arguments of `connect` and `register` have in common.
#ifndef ALIYUN_IOT_CLOUDS_LOGIN_H
#define ALIYUN_IOT_CLOUDS_LOGIN_H

#include "base/args.h"

// Initialisers of structs of the core. `args` is `connect_args_t` or `register_args_t`.
#define LOGIN_IDENTITY(args) { \
        .product_key = (args).productKey, \
        .device_name = (args).deviceName, \
        .region = (args).region, \
        .instance_id = (args).instanceId, \
        .sign_method = (args).signMethod, \
    }
// Where a device of Alibaba's is, unless it says so.
#define LOGIN_REGION(args) ((args).region.data != NULL ? (args).region : login_usual_region())
static inline aliyun_iot_bytes login_usual_region(void) {
    static const char usual[] = "cn-shanghai";
    aliyun_iot_bytes region;
    // One by one: of a literal gcc makes data for some processors, which a native module may not have.
    region.data = (const uint8_t *)usual;
    region.len = sizeof(usual) - 1;
    return region;
}
// The core's 0 is the default.
#define LOGIN_SERVER(args) { \
        .host = (args).host, \
        .port = (args).port == ARG_INT_NONE ? 0 : (args).port, \
        .without_tls = !(args).tls, \
    }

#endif
