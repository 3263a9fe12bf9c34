// The methods of `aliyunIoT.Device`, as the table has them.
#ifndef ALIYUN_IOT_DEVICE_API_H
#define ALIYUN_IOT_DEVICE_API_H

#include "base/runtime.h"
#include "generated/device_table.h"

#define DEVICE_API_1(name) mp_obj_t device_##name(mp_obj_t self);
#define DEVICE_API_2(name) mp_obj_t device_##name(mp_obj_t self, mp_obj_t first);
#define DEVICE_API_3(name) mp_obj_t device_##name(mp_obj_t self, mp_obj_t first, mp_obj_t second);
#define DEVICE_API_FIXED(name, count) DEVICE_API_##count(name)
#define DEVICE_API_OPTIONAL(name, least, most) mp_obj_t device_##name(size_t n_args, const mp_obj_t *arguments);
DEVICE_METHODS(DEVICE_API_FIXED, DEVICE_API_OPTIONAL)

#endif
