// The events of the core.
#ifndef ALIYUN_IOT_DEVICE_EVENTS_H
#define ALIYUN_IOT_DEVICE_EVENTS_H

#include "device/object.h"

// What the pump of a device calls.
extern const pump_client_t device_events;

#endif
