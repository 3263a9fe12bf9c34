// What time is it, for signatures and certificates? The firmware's module `time` knows, whatever year it counts from.

#include "base/clock.h"
#include "base/date.h"

#if ALIYUN_IOT_HAS_VENDORS

// May raise.
static date_t now(void) {
    mp_obj_t module = runtime_import(MP_QSTR_time), method[2];
    mp_load_method_maybe(module, MP_QSTR_gmtime, method);
    if (method[0] == MP_OBJ_NULL) {
        mp_load_method(module, MP_QSTR_localtime, method);
    }
    size_t count;
    mp_obj_t *fields;
    mp_obj_get_array(mp_call_method_n_kw(0, 0, method), &count, &fields);
    date_t date = { 0 };
    uint32_t *const numbers[] = { &date.year, &date.month, &date.day, &date.hour, &date.minute, &date.second };
    for (size_t i = 0; i < count && i < 6; i++) {
        *numbers[i] = mp_obj_get_int(fields[i]);
    }
    return date;
}

unsigned clock_year(void) {
    return now().year;
}


uint64_t clock_unix_ms(void) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        date_t date = now();
        nlr_pop();
        return (uint64_t)date_to_seconds(&date) * 1000;
    }
    if (runtime_is_a(MP_OBJ_FROM_PTR(nlr.ret_val), &mp_type_KeyboardInterrupt)) {
        nlr_jump(nlr.ret_val);
    }
    return 0;
}

void clock_print(const mp_print_t *print) {
    date_t date = now();
    mp_printf(print, " (this board's clock says %04u-%02u-%02u %02u:%02u:%02u)", (unsigned)date.year, (unsigned)date.month,
        (unsigned)date.day, (unsigned)date.hour, (unsigned)date.minute, (unsigned)date.second);
}

#else

unsigned clock_year(void) {
    mp_obj_t now = runtime_call(runtime_import(MP_QSTR_time), MP_QSTR_localtime, 0, NULL);
    return mp_obj_get_int(mp_obj_subscr(now, MP_OBJ_NEW_SMALL_INT(0), MP_OBJ_SENTINEL));
}

#endif
