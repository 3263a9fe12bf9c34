// Messages and requests that the platform sends.
#ifndef ALIYUN_IOT_DEVICE_MESSAGES_H
#define ALIYUN_IOT_DEVICE_MESSAGES_H

#include "device/object.h"

// Calls ON_SUBCRIBE with a message on `topic`.
void message_call(device_obj_t *self, aliyun_iot_bytes topic, const aliyun_iot_event *event);
// Calls the callback of `event` with a request of the platform, and answers the request as the callback says.
void request_call(device_obj_t *self, int event, const aliyun_iot_event *request);

#endif
