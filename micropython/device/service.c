// Which service is an event for, and where is the state of a service?

#include "device/service.h"

// Any type may begin there.
#define ALIGNED(size) (((size) + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1))

size_t services_size(void) {
    size_t size = 0;
    for (const service_t *const *service = services_list; *service != NULL; service++) {
        size += ALIGNED((*service)->state_size);
    }
    return size;
}

void *service_state(const device_obj_t *self, const service_t *service) {
    size_t offset = 0;
    for (const service_t *const *before = services_list; *before != service; before++) {
        offset += ALIGNED((*before)->state_size);
    }
    return self->services + offset;
}

const service_t *service_of(int32_t kind) {
    for (const service_t *const *service = services_list; *service != NULL; service++) {
        if ((*service)->family == (kind & ~0xf)) {
            return *service;
        }
    }
    return NULL;
}
