// Values out of argument dictionaries, for the generated tables. None of these allocates unless it raises, but for
// arg_json with a dict.
#ifndef ALIYUN_IOT_ARGS_H
#define ALIYUN_IOT_ARGS_H

#include "base/others.h"
#include "base/runtime.h"

// Not among the numbers that any key allows.
#define ARG_INT_NONE (-1)

// Checks that `data` is a dictionary and none of its keys is one of `keys` in wrong case. Others are let through: old
// scripts pass more than is used.
void arg_dict(mp_obj_t data, const char *method, const char *const *keys);
// The value of `key`, or MP_OBJ_NULL. None counts as not given.
mp_obj_t arg_get(mp_obj_t data, qstr key);
// Raises if there is no value; names a key that is not known, which is most likely the one meant.
mp_obj_t arg_required(mp_obj_t data, mp_obj_t value, const char *method, const char *key, const char *const *keys);
// A dictionary in which the value of one key says which others there are, and which of those it needs.
typedef struct {
    const char *name;
    uint16_t cases; // a bit for each case that has the key
    uint16_t needs; // and for each that needs it
} arg_key_t;
typedef struct {
    const char *method;
    const char *key;           // the one that chooses
    const char *const *cases;  // its values; NULL ends them
    const arg_key_t *keys;     // a name that is NULL ends them
    void (*check)(unsigned which); // raises if this firmware does not have the case
} arg_choice_t;
// Returns which case `data` is, by the value of the key that chooses, or the first one. Raises if `data` is no dictionary or
// lacks a key that it needs. With a key that chooses, it may have no others than those of its case. Without one, keys that
// are not known are let through: old scripts pass more than is used.
unsigned arg_choose(mp_obj_t data, qstr chooses, const arg_choice_t *choice);
// Raises that `key` is missing, and names a key that the case does not have; if there is none, `hint` follows.
MP_NORETURN void arg_missing(mp_obj_t data, const char *key, const arg_choice_t *choice, unsigned which, const char *hint);
// The value of `key`, or MP_OBJ_NULL if `which` is not among the cases that have it.
static inline mp_obj_t arg_get_in(mp_obj_t data, qstr key, unsigned cases, unsigned which) {
    return !ALIYUN_IOT_HAS_OTHERS || cases >> which & 1 ? arg_get(data, key) : MP_OBJ_NULL;
}
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
