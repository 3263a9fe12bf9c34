// Network time: ntp.c.
#ifndef ALIYUN_IOT_NTP_H
#define ALIYUN_IOT_NTP_H

#include "aliyun_iot.h"
#include "runtime.h"

struct _device_obj_t;

// A callback that waits for the time.
typedef struct _ntp_waiting_t {
    struct _ntp_waiting_t *next;
    mp_obj_t callback;
} ntp_waiting_t;

typedef struct {
    ntp_waiting_t *waiting; // oldest first
    bool sets_clock;    // whether the board's clock is to be set as well
} ntp_t;

// The answer is there, or there is none.
void ntp_tell(struct _device_obj_t *self, const aliyun_iot_event *event);
// Nobody waits any more.
void ntp_forget(struct _device_obj_t *self);

// Methods.
mp_obj_t device_getNtpTime(mp_obj_t self_in, mp_obj_t callback);
mp_obj_t device_setClock(mp_obj_t self_in);

#endif
