// What the arguments of `connect` and `register` have in common.
#ifndef ALIYUN_IOT_DEVICE_LOGIN_H
#define ALIYUN_IOT_DEVICE_LOGIN_H

#include "base/args.h"

// Initialisers of structs of the core. `args` is `connect_args_t` or `register_args_t`.
#define LOGIN_IDENTITY(args) { \
        .product_key = (args).productKey, \
        .device_name = (args).deviceName, \
        .region = (args).region, \
        .instance_id = (args).instanceId, \
        .sign_method = (args).signMethod, \
    }
// The core's 0 is the default.
#define LOGIN_SERVER(args) { \
        .host = (args).host, \
        .port = (args).port == ARG_INT_NONE ? 0 : (args).port, \
        .without_tls = !(args).tls, \
    }

#endif
