// The module `kv` of the old firmware.
#ifndef ALIYUN_IOT_STORE_KV_H
#define ALIYUN_IOT_STORE_KV_H

#include "base/runtime.h"
#include "generated/kv_table.h"

// Firmware that has a module `kv` of its own keeps it with -DALIYUN_IOT_KV=0.
#ifndef ALIYUN_IOT_KV
#define ALIYUN_IOT_KV (1)
#endif

// Its functions: `kv_get_obj`, ….
#define KV_FIXED(name, count) extern const mp_obj_fun_builtin_fixed_t kv_##name##_obj;
#define KV_OPTIONAL(name, least, most) extern const mp_obj_fun_builtin_var_t kv_##name##_obj;
KV_FUNCTIONS(KV_FIXED, KV_OPTIONAL)

#endif
