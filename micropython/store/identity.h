// What the store knows of devices.
#ifndef ALIYUN_IOT_STORE_IDENTITY_H
#define ALIYUN_IOT_STORE_IDENTITY_H

#include "base/runtime.h"

// The secret that was stored for a device, and what goes with it: the client identifier of a token, or the certificate of a
// private key.
typedef struct {
    mp_obj_t secret; // MP_OBJ_NULL if there is none
    mp_obj_t other;  // MP_OBJ_NULL if the secret goes alone
} identity_t;

// `cloud` is the name of a vendor cloud, or NULL for Alibaba's.
identity_t identity_find(const char *cloud, aliyun_iot_bytes product, aliyun_iot_bytes device_name);
// What `getDeviceInfo()` returns: a dict of the five, with `''` for one that is not known.
mp_obj_t identity_info(aliyun_iot_bytes region, aliyun_iot_bytes product_key, aliyun_iot_bytes product_secret,
    aliyun_iot_bytes device_name, aliyun_iot_bytes device_secret);
// The same of the device that was registered last, or None.
mp_obj_t identity_stored(void);
// Stores what `info` has, and what goes with its secret, or MP_OBJ_NULL. Raises OSError.
void identity_store(const char *cloud, mp_obj_t info, mp_obj_t other);

#endif
