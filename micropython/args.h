// Values out of argument dictionaries, for the generated tables. None of these allocates unless it raises, but for
// arg_json with a dict.
#ifndef ALIYUN_IOT_ARGS_H
#define ALIYUN_IOT_ARGS_H

#include <string.h>

#include "aliyun_iot.h"
#include "py/objstr.h"
#include "py/runtime.h"
#include "py/smallint.h"

// Not among the numbers that any key allows.
#define ARG_INT_NONE (-1)

static bool arg_same_but_case(const char *a, const char *b, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (unichar_tolower(a[i]) != unichar_tolower(b[i])) {
            return false;
        }
    }
    return true;
}

// Checks that `data` is a dictionary and none of its keys is one of `keys` in wrong case. Others are let through: old
// scripts pass more than is used.
static void arg_dict(mp_obj_t data, const char *method, const char *const *keys) {
    if (!mp_obj_is_dict_or_ordereddict(data)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%s() takes a dict, not %s"), method, mp_obj_get_type_str(data));
    }
    mp_map_t *map = mp_obj_dict_get_map(data);
    for (size_t i = 0; i < map->alloc; i++) {
        if (!mp_map_slot_is_filled(map, i) || !mp_obj_is_str(map->table[i].key)) {
            continue;
        }
        size_t len;
        const char *name = mp_obj_str_get_data(map->table[i].key, &len);
        for (const char *const *key = keys; *key != NULL; key++) {
            if (strlen(*key) == len && memcmp(*key, name, len) != 0 && arg_same_but_case(*key, name, len)) {
                mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): '%s' is not known; '%s' is"), method, name, *key);
            }
        }
    }
}

// The value of `key`, or MP_OBJ_NULL. None counts as not given.
static mp_obj_t arg_get(mp_obj_t data, qstr key) {
    mp_map_elem_t *element = mp_map_lookup(mp_obj_dict_get_map(data), MP_OBJ_NEW_QSTR(key), MP_MAP_LOOKUP);
    return element == NULL || element->value == mp_const_none ? MP_OBJ_NULL : element->value;
}

static inline mp_obj_t arg_either(mp_obj_t first, mp_obj_t second) {
    return first != MP_OBJ_NULL ? first : second;
}

static bool arg_among(mp_obj_t name, const char *const *keys) {
    for (; *keys != NULL; keys++) {
        if (strcmp(mp_obj_str_get_str(name), *keys) == 0) {
            return true;
        }
    }
    return false;
}

// Raises if there is no value; names a key that is not known, which is most likely the one meant.
static mp_obj_t arg_required(mp_obj_t data, mp_obj_t value, const char *method, const char *key, const char *const *keys) {
    if (value != MP_OBJ_NULL) {
        return value;
    }
    mp_map_t *map = mp_obj_dict_get_map(data);
    for (size_t i = 0; i < map->alloc; i++) {
        if (mp_map_slot_is_filled(map, i) && mp_obj_is_str(map->table[i].key) && !arg_among(map->table[i].key, keys)) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): '%s' is missing; '%s' is not known"), method, key,
                mp_obj_str_get_str(map->table[i].key));
        }
    }
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): '%s' is missing"), method, key);
}

static MP_NORETURN void arg_wrong_type(mp_obj_t value, const char *key, const char *wanted) {
    mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("'%s' must be %s, not %s"), key, wanted, mp_obj_get_type_str(value));
}

static aliyun_iot_bytes arg_text(mp_obj_t value, const char *key) {
    aliyun_iot_bytes text = { NULL, 0 };
    if (value == MP_OBJ_NULL) {
        return text;
    }
    if (!mp_obj_is_str(value)) {
        arg_wrong_type(value, key, "str");
    }
    text.data = (const uint8_t *)mp_obj_str_get_data(value, &text.len);
    return text;
}

static aliyun_iot_bytes arg_data(mp_obj_t value, const char *key) {
    aliyun_iot_bytes data = { NULL, 0 };
    mp_buffer_info_t buffer;
    if (value == MP_OBJ_NULL) {
        return data;
    }
    if (!mp_get_buffer(value, &buffer, MP_BUFFER_READ)) {
        arg_wrong_type(value, key, "str or bytes");
    }
    data.data = buffer.buf;
    data.len = buffer.len;
    return data;
}

static aliyun_iot_bytes arg_json(mp_obj_t value, const char *key) {
    if (mp_obj_is_dict_or_ordereddict(value)) {
        mp_obj_t dumps[3];
        mp_load_method(mp_import_name(MP_QSTR_json, mp_const_none, MP_OBJ_NEW_SMALL_INT(0)), MP_QSTR_dumps, dumps);
        dumps[2] = value;
        value = mp_call_method_n_kw(1, 0, dumps);
    } else if (!mp_obj_is_str(value)) {
        arg_wrong_type(value, key, "str (JSON) or dict");
    }
    return arg_text(value, key);
}

// The number. One that is no small integer is out of any bounds here, so its sign is enough.
static mp_int_t arg_integer(mp_obj_t value, const char *key) {
    if (!mp_obj_is_int(value)) {
        arg_wrong_type(value, key, "int");
    }
    if (mp_obj_is_small_int(value)) {
        return MP_OBJ_SMALL_INT_VALUE(value);
    }
    return mp_binary_op(MP_BINARY_OP_LESS, value, MP_OBJ_NEW_SMALL_INT(0)) == mp_const_true ? MP_SMALL_INT_MIN : MP_SMALL_INT_MAX;
}

static mp_int_t arg_int(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max) {
    if (value == MP_OBJ_NULL) {
        return ARG_INT_NONE;
    }
    mp_int_t number = arg_integer(value, key);
    if (number < min || number > max) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("'%s' must be %d to %d"), key, (int)min, (int)max);
    }
    return number;
}

static mp_int_t arg_clamped(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max) {
    if (value == MP_OBJ_NULL) {
        return ARG_INT_NONE;
    }
    mp_int_t number = arg_integer(value, key);
    return number < min ? min : number > max ? max : number;
}

static bool arg_bool(mp_obj_t value, bool otherwise) {
    return value == MP_OBJ_NULL ? otherwise : mp_obj_is_true(value);
}

#endif
