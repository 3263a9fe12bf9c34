// A service: what it does when the core reports something of it, and when the device closes.
#ifndef ALIYUN_IOT_DEVICE_SERVICE_H
#define ALIYUN_IOT_DEVICE_SERVICE_H

#include "device/object.h"

typedef struct {
    // The first kind of event of the service's family: its block has 16.
    int32_t family;
    // Bytes of state that each device has for the service, zeros at first. The collector looks into it.
    size_t state_size;
    // Handles an event of the service. May raise.
    void (*on_event)(device_obj_t *self, const aliyun_iot_event *event);
    // The device has closed: forgets what waits for the platform. NULL if nothing does.
    void (*on_closed)(device_obj_t *self);
} service_t;

// The services, in services/list.c; NULL ends them.
extern const service_t *const services_list[];

// Bytes of state that a device has for all of them.
size_t services_size(void);
// The state that `self` has for a service.
void *service_state(const device_obj_t *self, const service_t *service);
// The service that has events of this kind, or NULL.
const service_t *service_of(int32_t kind);

#endif
