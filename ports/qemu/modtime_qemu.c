// The parts of the module `time` that are up to the port; included by extmod/modtime.c.

#include "board.h"
#include "py/obj.h"
#include "shared/timeutils/timeutils.h"

static mp_obj_t mp_time_localtime_get(void) {
    timeutils_struct_time_t tm;
    timeutils_seconds_since_epoch_to_struct_time(clock_seconds(), &tm);
    mp_obj_t fields[8] = {
        MP_OBJ_NEW_SMALL_INT(tm.tm_year), MP_OBJ_NEW_SMALL_INT(tm.tm_mon), MP_OBJ_NEW_SMALL_INT(tm.tm_mday),
        MP_OBJ_NEW_SMALL_INT(tm.tm_hour), MP_OBJ_NEW_SMALL_INT(tm.tm_min), MP_OBJ_NEW_SMALL_INT(tm.tm_sec),
        MP_OBJ_NEW_SMALL_INT(tm.tm_wday), MP_OBJ_NEW_SMALL_INT(tm.tm_yday),
    };
    return mp_obj_new_tuple(8, fields);
}

static mp_obj_t mp_time_time_get(void) {
    return mp_obj_new_int_from_ull(clock_seconds());
}
