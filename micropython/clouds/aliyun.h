// Alibaba Cloud IoT Platform.
#ifndef ALIYUN_IOT_CLOUDS_ALIYUN_H
#define ALIYUN_IOT_CLOUDS_ALIYUN_H

#include "clouds/cloud.h"

void aliyun_fill(login_t *login, uint32_t vendor);
int32_t aliyun_connect(const core_t *core, const login_t *login, const aliyun_iot_options *options);

#endif
