// The module `kv` of the old firmware.
#ifndef ALIYUN_IOT_STORE_KV_H
#define ALIYUN_IOT_STORE_KV_H

#include "base/table.h"
#include "generated/kv_table.h"

// Firmware that has a module `kv` of its own keeps it with -DALIYUN_IOT_KV=0.
#ifndef ALIYUN_IOT_KV
#define ALIYUN_IOT_KV (1)
#endif

#define KV_OBJECT(function, name, count) extern const mp_obj_fun_builtin_fixed_t function##_obj;
KV_FUNCTIONS(KV_OBJECT, )

#endif
