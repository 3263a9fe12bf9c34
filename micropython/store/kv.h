// The module `kv` of the old firmware.
#ifndef ALIYUN_IOT_STORE_KV_H
#define ALIYUN_IOT_STORE_KV_H

#include "base/runtime.h"

// Firmware that has a module `kv` of its own keeps it with -DALIYUN_IOT_KV=0.
#ifndef ALIYUN_IOT_KV
#define ALIYUN_IOT_KV (1)
#endif

extern const mp_obj_fun_builtin_fixed_t kv_get_obj, kv_set_obj, kv_remove_obj;

#endif
