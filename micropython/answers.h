// How the platform's requests are answered: by what their callbacks return, or by `reply`, then or later.
#ifndef ALIYUN_IOT_ANSWERS_H
#define ALIYUN_IOT_ANSWERS_H

#include "aliyun_iot.h"
#include "runtime.h"

// Requests whose answers may be left for later at a time; the one that has waited longest gives way.
#define REQUESTS_MAX (16)

struct _device_obj_t;

// A request whose answer comes later.
typedef struct _request_t {
    struct _request_t *next;
    mp_obj_t msg_id;
    mp_obj_t topic;
    mp_obj_t id; // as it came, str; MP_OBJ_NULL for a call that is none of a service
} request_t;

// The request whose callback runs.
typedef struct {
    mp_obj_t msg_id; // MP_OBJ_NULL while none runs
    const aliyun_iot_event *event;
    bool is_raw;      // none of a service
    bool is_answered; // by `reply`
    request_t *aside; // where the request is once the core has gone on, else NULL
} asked_t;

typedef struct {
    asked_t asked;
    request_t *later; // oldest first
} answers_t;

// The id of a request as scripts see it: int if it is a number of at most 20 digits, else str.
mp_obj_t answers_msg_id(const aliyun_iot_event *request);
// Calls the callback of the event `of` with `argument`, and answers `request` as it says.
void answers_ask(struct _device_obj_t *self, const char *of, mp_obj_t callback, mp_obj_t argument, mp_obj_t msg_id, const aliyun_iot_event *request);
// Answers 429, since no callback can be called for it.
void answers_refuse(struct _device_obj_t *self, const aliyun_iot_event *request);
// An event could not be told. If it is a request that nobody answered, that is answered 500. `outer` is the request whose
// callback ran before.
void answers_failed(struct _device_obj_t *self, const asked_t *outer);
// The core is about to go on while a callback runs: its request is set aside, to be answered when the callback returns.
void answers_set_aside(struct _device_obj_t *self);
// The device has closed: nobody waits for answers any more.
void answers_forget(struct _device_obj_t *self);

#endif
