// The services, one line each. They close in this order.

#include "device/service.h"

#define SERVICES(X) \
    X(model) \
    X(call) \
    X(raw) \
    X(ntp) \
    X(upload) \
    X(desired) \
    X(register) \

#define DECLARE(name) extern const service_t name##_service;
#define ENTRY(name) &name##_service,

SERVICES(DECLARE)

const service_t *const services_list[] = { SERVICES(ENTRY) NULL };
