// Messages and requests that the platform sends.
#ifndef ALIYUN_IOT_DEVICE_MESSAGES_H
#define ALIYUN_IOT_DEVICE_MESSAGES_H

#include "device/object.h"

// A request of the platform: a property set, a service, or bytes.
typedef struct {
    aliyun_iot_bytes message_id;
    aliyun_iot_bytes name;   // of the service or the topic, for ON_SERVICE
    aliyun_iot_bytes params; // JSON, or any bytes
    bool is_bytes;           // it is answered with bytes
} call_t;

// Calls ON_SUBCRIBE with a message on `topic`.
void message_call(device_obj_t *self, aliyun_iot_bytes topic, aliyun_iot_bytes payload, uint8_t qos);
// Calls the callback of `event` with a request of the platform, and answers the request as the callback says.
void request_call(device_obj_t *self, int event, const call_t *request);

#endif
