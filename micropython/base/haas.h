// What HaaS firmware does in a way of its own, and the binding does for its scripts.
#ifndef ALIYUN_IOT_BASE_HAAS_H
#define ALIYUN_IOT_BASE_HAAS_H

#include "base/runtime.h"

// How a device prints.
#define HAAS_DEVICE "aiot_device"
// The code that ON_DISCONNECT gets for a lost connection.
#define HAAS_DISCONNECTED (2)
// What registers a device whose name the platform does not know, if the script asks for no other way.
#define HAAS_AUTH_TYPE "regnwl"
// The names in the store of the device that was registered last.
#define HAAS_KEY_REGION MP_QSTR__amp_customer_region
#define HAAS_KEY_PRODUCT_KEY MP_QSTR__amp_customer_productkey
#define HAAS_KEY_PRODUCT_SECRET MP_QSTR__amp_customer_productsecret
#define HAAS_KEY_DEVICE_NAME MP_QSTR__amp_customer_devicename
#define HAAS_KEY_DEVICE_SECRET MP_QSTR__amp_customer_devicesecret

// A time as `getNtpTime` gives it: that of China, wherever the board is.
mp_obj_t haas_time(uint64_t ms);

#endif
