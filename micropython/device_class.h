// The class `aliyunIoT.Device`.
#ifndef ALIYUN_IOT_DEVICE_CLASS_H
#define ALIYUN_IOT_DEVICE_CLASS_H

#include "base/runtime.h"

#if MICROPY_ENABLE_DYNRUNTIME
// Makes the class, when the module is loaded.
mp_obj_t device_class_new(void);
#else
extern const mp_obj_type_t device_class;
#endif

#endif
