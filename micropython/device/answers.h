// How the platform's requests are answered: by what their callbacks return, or by `reply`, then or later.
#ifndef ALIYUN_IOT_DEVICE_ANSWERS_H
#define ALIYUN_IOT_DEVICE_ANSWERS_H

#include "base/callbacks.h"
#include "net/drive.h"

// A request that the core keeps for a later answer.
typedef struct _request_t {
    struct _request_t *next;
    mp_obj_t msg_id;
    uint32_t handle;
    bool is_raw; // it is answered with bytes
} request_t;

// The request whose callback runs.
typedef struct {
    mp_obj_t msg_id;  // MP_OBJ_NULL while none runs
    bool is_raw;
    bool is_answered; // by `reply`
    request_t *aside; // where the request is once the core has gone on, else NULL
} asked_t;

// The requests to one device.
typedef struct {
    core_t *core;
    drive_t *drive;
    callbacks_t *callbacks;
    asked_t asked;
    request_t *later; // oldest first
    byte *memory;     // where the core keeps them, or NULL before the first one
    size_t memory_size;
} answers_t;

// The id of a request as scripts see it: int if it is a number of at most 20 digits, else str.
mp_obj_t answers_msg_id(aliyun_iot_bytes id);
// Calls the callback of the event `of` with `argument`, and answers the request with this id as it says.
void answers_ask(answers_t *self, const char *of, mp_obj_t callback, mp_obj_t argument, mp_obj_t msg_id, bool is_raw);
// Answers 429, since no callback can be called for it. (The platform sees a time-out of a call of bytes.)
void answers_refuse(answers_t *self);
// The handling of an event has failed. If the event is a request without an answer, the answer is 500. `outer` is the request whose
// callback ran before.
void answers_failed(answers_t *self, const asked_t *outer);
// The core is about to go on while a callback runs: its request is set aside, to be answered when the callback returns.
void answers_set_aside(answers_t *self);
// Answers the request with this id, for the method `reply`: `data` is None, or what is sent with `code`. Returns a status of
// the core. Raises ValueError if no request with this id waits, or the answer cannot be sent.
int32_t answers_reply(answers_t *self, mp_obj_t msg_id, mp_obj_t code, mp_obj_t data);
// The device has closed: no request waits for an answer any more.
void answers_forget(answers_t *self);

#endif
