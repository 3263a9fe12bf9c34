// Network time: for callbacks, as HaaS firmware gives it, and for the board's clock.

#include "base/date.h"
#include "base/haas.h"
#include "base/list.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/device_errors.h"

// A callback that waits for the time.
typedef struct _waiting_t {
    struct _waiting_t *next;
    mp_obj_t callback;
} waiting_t;

typedef struct {
    waiting_t *waiting; // oldest first
    bool sets_clock;    // whether the board's clock is to be set as well
} ntp_t;

extern const service_t ntp_service;

static ntp_t *state(device_obj_t *self) {
    return service_state(self, &ntp_service);
}

// UTC, as `ntptime` of micropython-lib sets it. Fractions of a second count differently from port to port.
static void set_clock(device_obj_t *self, uint64_t ms) {
    uint32_t rest;
    date_t date = date_of(date_seconds(ms + 500, &rest));
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t rtc = runtime_call(runtime_import(MP_QSTR_machine), MP_QSTR_RTC, 0, NULL);
        mp_obj_t fields[8];
        fields[0] = MP_OBJ_NEW_SMALL_INT(date.year);
        fields[1] = MP_OBJ_NEW_SMALL_INT(date.month);
        fields[2] = MP_OBJ_NEW_SMALL_INT(date.day);
        fields[3] = MP_OBJ_NEW_SMALL_INT(date.weekday + 1);
        fields[4] = MP_OBJ_NEW_SMALL_INT(date.hour);
        fields[5] = MP_OBJ_NEW_SMALL_INT(date.minute);
        fields[6] = MP_OBJ_NEW_SMALL_INT(date.second);
        fields[7] = MP_OBJ_NEW_SMALL_INT(0);
        mp_obj_t datetime = mp_obj_new_tuple(8, fields);
        runtime_call(rtc, MP_QSTR_datetime, 1, &datetime);
        nlr_pop();
    } else {
        error_report_text(self, ERROR_CLOCK, "setClock(): this firmware has no machine.RTC to set");
    }
}

// Takes out all that waits. What is asked for afterwards waits for the next answer.
static ntp_t take(device_obj_t *self) {
    ntp_t *ntp = state(self), taken;
    CORE_LOCKED(&self->core, taken = *ntp; ntp->waiting = NULL; ntp->sets_clock = false);
    return taken;
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    ntp_t asked = take(self);
    if (event->kind != ALIYUN_IOT_EVENT_NTP_TIME) {
        error_report_text(self, ERROR_NO_TIME, "the platform did not tell the time");
        return;
    }
    uint64_t ms = event->as.ntp.time.unix_ms;
    if (asked.sets_clock) {
        set_clock(self, ms);
    }
    for (; asked.waiting != NULL; asked.waiting = asked.waiting->next) {
        callback_call(&self->calls, "getNtpTime", asked.waiting->callback, haas_time(ms));
    }
}

static void on_closed(device_obj_t *self) {
    take(self);
}

const service_t ntp_service = {
    .family = ALIYUN_IOT_EVENT_NTP_TIME,
    .state_size = sizeof(ntp_t),
    .on_event = on_event,
    .on_closed = on_closed,
};

// With the lock held: `waiting` waits for the answer, or the clock if it is NULL.
static void add(ntp_t *ntp, waiting_t *waiting) {
    if (waiting == NULL) {
        ntp->sets_clock = true;
    } else {
        LIST_APPEND(waiting_t, &ntp->waiting, waiting);
    }
}

// Asks. The answer finds what waits for it: it comes with the lock held, too.
static int32_t ask(device_obj_t *self, waiting_t *waiting) {
    if (self->core.device == NULL) {
        return ALIYUN_IOT_STATUS_NOT_CONNECTED;
    }
    lock_acquire(&self->core.lock);
    int32_t status = aliyun_iot_ask_time(self->core.device);
    if (status == ALIYUN_IOT_STATUS_OK) {
        add(state(self), waiting);
    }
    lock_release(&self->core.lock);
    return status;
}

mp_obj_t device_getNtpTime(mp_obj_t self_in, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    callback_check("getNtpTime", callback);
    waiting_t *waiting = m_new(waiting_t, 1);
    waiting->next = NULL;
    waiting->callback = callback;
    int32_t status = ask(self, waiting);
    runtime_settle(waiting);
    return result_queued(self, "getNtpTime", status);
}

mp_obj_t device_setClock(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    return result_queued(self, "setClock", ask(self, NULL));
}
