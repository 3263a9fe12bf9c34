// Values out of argument dictionaries, for the generated tables. None of these allocates unless it raises, but for
// arg_json with a dict.
#ifndef ALIYUN_IOT_ARGS_H
#define ALIYUN_IOT_ARGS_H

#include "base/runtime.h"

// Not among the numbers that any key allows.
#define ARG_INT_NONE (-1)

// Checks that `data` is a dictionary and none of its keys is one of `keys` in wrong case. Others are let through: old
// scripts pass more than is used.
void arg_dict(mp_obj_t data, const char *method, const char *const *keys);
// The value of `key`, or MP_OBJ_NULL. None counts as not given.
mp_obj_t arg_get(mp_obj_t data, qstr key);
// A key that is not among `keys`, or MP_OBJ_NULL.
mp_obj_t arg_stray(mp_obj_t data, const char *const *keys);
// Raises if there is no value; names a key that is not known, which is most likely the one meant.
mp_obj_t arg_required(mp_obj_t data, mp_obj_t value, const char *method, const char *key, const char *const *keys);
MP_NORETURN void arg_wrong_type(mp_obj_t value, const char *key, const char *wanted);
// Values; of one that was not given, NULL or ARG_INT_NONE.
aliyun_iot_bytes arg_text(mp_obj_t value, const char *key);
aliyun_iot_bytes arg_data(mp_obj_t value, const char *key);
// JSON: a str as it is, or a dict. Raises if the dict holds what JSON does not have; `method` begins the words, if
// not NULL.
aliyun_iot_bytes arg_json(mp_obj_t value, const char *method, const char *key);
mp_int_t arg_int(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max);
mp_int_t arg_clamped(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max);
// `otherwise` if it was not given.
bool arg_bool(mp_obj_t value, const char *key, bool otherwise);

static inline mp_obj_t arg_either(mp_obj_t first, mp_obj_t second) {
    return first != MP_OBJ_NULL ? first : second;
}

#endif
