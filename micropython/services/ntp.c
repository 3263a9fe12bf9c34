// Network time: for callbacks, as HaaS firmware tells it, and for the board's clock.

#include <string.h>

#include "generated/device_errors.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"

#define SECONDS_PER_DAY (86400)
// HaaS firmware tells the time of China, wherever the board is.
#define CHINA_SECONDS (8 * 3600)

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

typedef struct {
    uint32_t year, month, day, hour, minute, second, weekday; // Monday is 0
} date_t;

// Whole seconds, and what is left in milliseconds. Not every processor divides 64 bits.
static uint32_t seconds_of(uint64_t ms, uint32_t *rest) {
    uint32_t seconds = 0, left = 0;
    for (int bit = 0; bit < 64; bit++) {
        left = left << 1 | (uint32_t)(ms >> 63);
        ms <<= 1;
        seconds <<= 1;
        if (left >= 1000) {
            left -= 1000;
            seconds |= 1;
        }
    }
    *rest = left;
    return seconds;
}

// The date of a number of seconds since 1970, until 2106. Years begin with March here, so that leap days end them.
static date_t date_of(uint32_t seconds) {
    uint32_t days = seconds / SECONDS_PER_DAY, time = seconds % SECONDS_PER_DAY;
    uint32_t since = days + 719468; // since 0000-03-01
    uint32_t era = since / 146097, day_of_era = since % 146097;
    uint32_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day = day_of_era - (365 * year + year / 4 - year / 100);
    uint32_t month = (5 * day + 2) / 153;
    return (date_t) {
        .year = year + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day - (153 * month + 2) / 5 + 1,
        .hour = time / 3600,
        .minute = time / 60 % 60,
        .second = time % 60,
        .weekday = (days + 3) % 7,
    };
}

static void set(mp_obj_t dict, qstr key, uint32_t value) {
    runtime_set(dict, key, mp_obj_new_int_from_uint(value));
}

static mp_obj_t dict_of(uint64_t ms) {
    uint32_t rest;
    uint32_t seconds = seconds_of(ms, &rest);
    date_t date = date_of(seconds + CHINA_SECONDS);
    mp_obj_t dict = mp_obj_new_dict(8);
    set(dict, MP_QSTR_year, date.year);
    set(dict, MP_QSTR_month, date.month);
    set(dict, MP_QSTR_day, date.day);
    set(dict, MP_QSTR_hour, date.hour);
    set(dict, MP_QSTR_minute, date.minute);
    set(dict, MP_QSTR_second, date.second);
    set(dict, MP_QSTR_msecond, rest);
    set(dict, MP_QSTR_timestamp, seconds);
    return dict;
}

// UTC, as `ntptime` of micropython-lib sets it. Fractions of a second count differently from port to port.
static void set_clock(device_obj_t *self, uint64_t ms) {
    uint32_t rest;
    date_t date = date_of(seconds_of(ms + 500, &rest));
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
        callback_call(&self->calls, "getNtpTime", asked.waiting->callback, dict_of(ms));
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
        return;
    }
    waiting_t **place = &ntp->waiting;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    *place = waiting;
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
