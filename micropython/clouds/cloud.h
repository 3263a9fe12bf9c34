// A cloud: how do the arguments of `connect` become a login to it?
#ifndef ALIYUN_IOT_CLOUDS_CLOUD_H
#define ALIYUN_IOT_CLOUDS_CLOUD_H

#include "base/args.h"
#include "base/core.h"
#include "generated/connect_keys.h"

// A login that is made from the arguments.
typedef struct {
    const connect_args_t *args;
    // Who the device is, for getDeviceInfo().
    aliyun_iot_bytes region, product, product_secret, device, secret;
    // The device's certificate and its private key, if it logs in with them.
    aliyun_iot_bytes cert, key;
    // A secret is needed, was not given, and is not stored.
    bool lacks_secret;
    // The objects that `secret` and what goes with it are texts of, if they were stored.
    mp_obj_t stored[2];
    union {
        aliyun_iot_aliyun_login aliyun;
        aliyun_iot_plain_login plain;
        aliyun_iot_vendor_login vendor;
    } as;
    aliyun_iot_server *server; // the one in `as`
} login_t;

typedef struct {
    // The value of the key `cloud`.
    const char *name;
    // What a library has that can log in to it: a bit of `aliyun_iot_features()`, or 0 if any can.
    uint32_t feature;
    // Its number in `aliyun_iot_vendor_login`.
    uint32_t vendor;
    // Makes the login from the arguments; all else is 0. May raise. NULL if this binding leaves the cloud out.
    void (*fill)(login_t *login, uint32_t vendor);
    // Has the core connect. Raises nothing.
    int32_t (*connect)(const core_t *core, const login_t *login, const aliyun_iot_options *options);
    // The key of a script that the core calls `field`, with `len` letters; NULL if it has the same name.
    const char *(*key_of)(uint32_t vendor, const char *field, size_t len);
} cloud_t;

// The clouds, by number, in clouds/list.c.
extern const cloud_t clouds_list[];

#endif
