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

typedef struct {
    mp_obj_t msg_id;  // of the request whose callback runs, or MP_OBJ_NULL
    bool is_raw;      // and whether it is none of a service
    bool is_answered; // by `reply`
    request_t *later; // oldest first
} answers_t;

// The id of a request as scripts see it: int if it is a number, of any size, else str.
mp_obj_t answers_msg_id(const aliyun_iot_event *request);
// Calls `callback` with `argument`, and answers `request` as it says.
void answers_ask(struct _device_obj_t *self, mp_obj_t callback, mp_obj_t argument, mp_obj_t msg_id, const aliyun_iot_event *request);
// The device has closed: nobody waits for answers any more.
void answers_forget(struct _device_obj_t *self);

#endif
