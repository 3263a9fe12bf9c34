// The vendor clouds: Tencent, OneNET, Huawei, Tuya, Baidu, TLINK.
#ifndef ALIYUN_IOT_CLOUDS_VENDOR_H
#define ALIYUN_IOT_CLOUDS_VENDOR_H

#include "clouds/cloud.h"

void vendor_fill(login_t *login, uint32_t vendor);
int32_t vendor_connect(const core_t *core, const login_t *login, const aliyun_iot_options *options);
const char *vendor_key_of(uint32_t vendor, const char *field, size_t len);

#endif
