// Network time: for callbacks, as HaaS firmware tells it, and for the board's clock.

#include <string.h>

#include "device.h"

#define SECONDS_PER_DAY (86400)
// HaaS firmware tells the time of China, wherever the board is.
#define CHINA_SECONDS (8 * 3600)

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
        device_tell_error(self, ERROR_CLOCK, "setClock(): this firmware has no machine.RTC to set");
    }
}

void ntp_tell(device_obj_t *self, const aliyun_iot_event *event) {
    device_lock(self);
    mp_obj_t callbacks = self->ntp.callbacks;
    bool sets_clock = self->ntp.sets_clock;
    device_unlock(self);
    ntp_forget(self);
    if (event->kind != ALIYUN_IOT_EVENT_KIND_TIME) {
        device_tell_error(self, ERROR_NO_TIME, "the platform did not tell the time");
        return;
    }
    uint64_t ms = event->time_ms;
    if (sets_clock) {
        set_clock(self, ms);
    }
    if (callbacks != MP_OBJ_NULL) {
        size_t count;
        mp_obj_t *items;
        mp_obj_get_array(callbacks, &count, &items);
        for (size_t i = 0; i < count; i++) {
            device_call(items[i], dict_of(ms));
        }
    }
}

void ntp_forget(device_obj_t *self) {
    device_lock(self);
    self->ntp.callbacks = MP_OBJ_NULL;
    self->ntp.sets_clock = false;
    device_unlock(self);
}

static int32_t ask(device_obj_t *self) {
    if (self->core == NULL) {
        return ALIYUN_IOT_STATUS_NOT_CONNECTED;
    }
    device_lock(self);
    int32_t status = aliyun_iot_ask_time(self->core);
    device_unlock(self);
    return status;
}

mp_obj_t device_getNtpTime(mp_obj_t self_in, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (!mp_obj_is_callable(callback)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("getNtpTime(): %s cannot be called"), mp_obj_get_type_str(callback));
    }
    mp_obj_t list = mp_obj_new_list(0, NULL);
    int32_t status = ask(self);
    if (status == ALIYUN_IOT_STATUS_OK) {
        device_lock(self);
        if (self->ntp.callbacks == MP_OBJ_NULL) {
            self->ntp.callbacks = list;
        }
        list = self->ntp.callbacks;
        device_unlock(self);
        mp_obj_list_append(list, callback);
    }
    return device_queued(self, "getNtpTime", status);
}

mp_obj_t device_setClock(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    int32_t status = ask(self);
    if (status == ALIYUN_IOT_STATUS_OK) {
        self->ntp.sets_clock = true;
    }
    return device_queued(self, "setClock", status);
}
