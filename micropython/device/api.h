// The methods of `aliyunIoT.Device`, as the table has them.
#ifndef ALIYUN_IOT_DEVICE_API_H
#define ALIYUN_IOT_DEVICE_API_H

#include "base/table.h"
#include "generated/device_table.h"

DEVICE_METHODS(DECLARE_FIXED, DECLARE_OPTIONAL)

#endif
