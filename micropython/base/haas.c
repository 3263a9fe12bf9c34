// What HaaS firmware does in a way of its own.

#include "base/date.h"
#include "base/haas.h"

// UTC+8.
#define CHINA_SECONDS (8 * 3600)

static void set(mp_obj_t dict, qstr key, uint32_t value) {
    runtime_set(dict, key, mp_obj_new_int_from_uint(value));
}

mp_obj_t haas_time(uint64_t ms) {
    uint32_t rest;
    uint32_t seconds = date_seconds(ms, &rest);
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
