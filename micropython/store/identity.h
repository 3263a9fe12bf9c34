// What the store knows of devices.
#ifndef ALIYUN_IOT_STORE_IDENTITY_H
#define ALIYUN_IOT_STORE_IDENTITY_H

#include "base/runtime.h"

// The secret that was stored for a device, or the token and the client identifier that goes with it.
typedef struct {
    mp_obj_t secret;    // MP_OBJ_NULL if there is none
    mp_obj_t client_id; // of a token, else MP_OBJ_NULL
} identity_t;

identity_t identity_find(aliyun_iot_bytes product_key, aliyun_iot_bytes device_name);
// What `getDeviceInfo()` returns: a dict of the five, with `''` for one that is not known.
mp_obj_t identity_info(aliyun_iot_bytes region, aliyun_iot_bytes product_key, aliyun_iot_bytes product_secret,
    aliyun_iot_bytes device_name, aliyun_iot_bytes device_secret);
// The same of the device that was registered last, or None.
mp_obj_t identity_stored(void);
// Stores what `info` has. `client_id` is MP_OBJ_NULL unless the secret is a token. Raises OSError.
void identity_store(mp_obj_t info, mp_obj_t client_id);

#endif
