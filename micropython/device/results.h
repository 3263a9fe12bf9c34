// What methods return and raise.
#ifndef ALIYUN_IOT_DEVICE_RESULTS_H
#define ALIYUN_IOT_DEVICE_RESULTS_H

#include "device/object.h"

// Raises what a failure with this status is to the caller.
MP_NORETURN void result_raise(const char *method, int32_t status);
// Raises if this firmware leaves out the cloud of this number in the list.
void result_check_cloud(const char *method, unsigned cloud);
// Raises what is wrong with a login or a registration, in the core's words. These begin with the name of a field.
MP_NORETURN void result_raise_login(const char *method, const cloud_t *cloud, int32_t status);
// Raises that the device's cloud does not have what the method is for, or that the script has switched it off.
MP_NORETURN void result_raise_no_service(const device_obj_t *self, const char *method);
// Sends what `method` has queued, and has the pump do the rest. What the method returns for a status of the core: 0, or a
// negative number for what the script cannot know. A fault of the script is raised.
mp_obj_t result_queued(device_obj_t *self, const char *method, int32_t status);
// The same of a message whose reply a callback waits for, or NULL.
mp_obj_t result_posted(device_obj_t *self, const char *method, int32_t status, reply_t *reply);

// Sets `status` to what a call into the core returns that queues a message, whose reply the callback of `reply` waits for
// (NULL for none) under this id. If the message does not fit the send buffer, that is made larger.
#define DEVICE_POST(self, method, status, reply, kind, id, ...) \
    do { \
        if ((self)->core.device == NULL) { \
            status = ALIYUN_IOT_STATUS_NOT_CONNECTED; \
            break; \
        } \
        CORE_LOCKED(&(self)->core, status = __VA_ARGS__; if (status >= 0) { \
            replies_add(&(self)->replies, reply, kind, id); \
        }); \
    } while (drive_grow_if_needed(&(self)->drive, method, &status))

#endif
