// Callbacks of posts and publishes: each is called once, with what became of its message.
#ifndef ALIYUN_IOT_DEVICE_REPLIES_H
#define ALIYUN_IOT_DEVICE_REPLIES_H

#include "base/callbacks.h"
#include "base/core.h"

typedef enum {
    REPLY_POST,    // the platform's reply to the request with this id
    REPLY_PUBLISH, // the acknowledgement of this packet identifier
} reply_kind_t;

// The code of a message that has arrived, as the platform has it for posts (help.aliyun.com document 120329).
#define REPLY_OK (200)

// A callback that waits.
typedef struct _reply_t {
    struct _reply_t *next;
    const char *method;
    mp_obj_t callback;
    uint32_t id;
    reply_kind_t kind;
    bool is_given_up; // the device has closed
} reply_t;

// The callbacks of one device that wait.
typedef struct {
    core_t *core;
    callbacks_t *callbacks;
    reply_t *waiting; // oldest first
} replies_t;

// A place for the callback, or NULL if it is None. Raises TypeError if it cannot be called.
reply_t *replies_new(const char *method, mp_obj_t callback);
// Puts it in the queue, unless it is NULL; with the device locked.
void replies_add(replies_t *self, reply_t *reply, reply_kind_t kind, uint32_t id);
// Calls the callback that waits for this reply; false if none does. `message` is the platform's, NULL for none. `data` may be
// MP_OBJ_NULL.
bool replies_call(replies_t *self, reply_kind_t kind, uint32_t id, int code, aliyun_iot_bytes message, mp_obj_t data);
// Calls the callback of a message that gets no reply any more, with a code of ON_ERROR.
void replies_fail(replies_t *self, reply_kind_t kind, uint32_t id, int code, mp_obj_t why);
// The same for a request that has no reply; `cause` is one of `ALIYUN_IOT_NO_REPLY_…`.
void replies_fail_request(replies_t *self, uint32_t id, int32_t cause);
// The device has closed: calls all callbacks that wait.
void replies_give_up(replies_t *self);

#endif
