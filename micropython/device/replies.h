// Callbacks of posts and publishes: each is called once, with what became of its message.
#ifndef ALIYUN_IOT_DEVICE_REPLIES_H
#define ALIYUN_IOT_DEVICE_REPLIES_H

#include "base/callbacks.h"
#include "base/core.h"

typedef enum {
    REPLY_POST,    // the platform's reply to the post with this id
    REPLY_RAW,     // what it made of raw data, in the order of the posts
    REPLY_PUBLISH, // the acknowledgement of this packet identifier
} reply_kind_t;

// A callback that waits.
typedef struct _reply_t {
    struct _reply_t *next;
    const char *method;
    mp_obj_t callback;
    uint32_t number; // of raw data: how many posts without a callback come before it, whose replies are on their way
    uint32_t since_ms;
    reply_kind_t kind;
    bool is_given_up; // the connection that it waited on is over
} reply_t;

// The callbacks of one device that wait.
typedef struct {
    core_t *core;
    callbacks_t *callbacks;
    reply_t *waiting;        // oldest first
    uint32_t raw_unheard;    // posts of raw data behind the last of them that have no callback, but get a reply
    uint32_t raw_unheard_ms; // when the last one was made
} replies_t;

// A place for the callback, or NULL if it is None. Raises TypeError if it cannot be called.
reply_t *replies_new(const char *method, mp_obj_t callback);
// Puts it in the queue, as the message is; with the device locked. Of NULL only raw data is counted.
void replies_add(replies_t *self, reply_t *reply, reply_kind_t kind, uint32_t number);
// Calls the callback that waits for this reply; false if none does. `data` is the platform's message, of raw data its bytes.
bool replies_tell(replies_t *self, reply_kind_t kind, uint32_t number, int32_t code, aliyun_iot_bytes data);
// The core has given up the publish with this packet identifier.
void replies_tell_given_up(replies_t *self, uint32_t packet_id);
// The reply to raw data was too large for the receive buffer, of which it would have needed so many bytes.
void replies_tell_dropped(replies_t *self, uint32_t needed);
// Gives up what has waited too long.
void replies_give_up_overdue(replies_t *self);
// Gives up what no reply can come for any more: all but QoS 1 publishes, or all.
void replies_give_up(replies_t *self, bool all);
// Milliseconds until something is overdue; UINT32_MAX for never. With the device locked.
uint32_t replies_due_in(const replies_t *self, uint32_t now_ms);

#endif
