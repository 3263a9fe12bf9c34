// Any MQTT 3.1.1 broker.
#ifndef ALIYUN_IOT_CLOUDS_PLAIN_H
#define ALIYUN_IOT_CLOUDS_PLAIN_H

#include "clouds/cloud.h"

void plain_fill(login_t *login, uint32_t vendor);
int32_t plain_connect(const core_t *core, const login_t *login, const aliyun_iot_options *options);

#endif
