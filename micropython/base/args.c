// Values out of argument dictionaries.

#include <string.h>

#include "base/args.h"
#include "base/json.h"

static char arg_lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + 'a' - 'A' : letter;
}

static bool arg_same_but_case(const char *a, const char *b, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (arg_lower(a[i]) != arg_lower(b[i])) {
            return false;
        }
    }
    return true;
}

void arg_dict(mp_obj_t data, const char *method, const char *const *keys) {
    if (!mp_obj_is_dict_or_ordereddict(data)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%s() takes a dict, not %s"), method, mp_obj_get_type_str(data));
    }
    mp_obj_iter_buf_t room;
    mp_obj_t names = mp_getiter(data, &room), name_obj;
    while ((name_obj = mp_iternext(names)) != MP_OBJ_STOP_ITERATION) {
        if (!mp_obj_is_str(name_obj)) {
            continue;
        }
        size_t len;
        const char *name = mp_obj_str_get_data(name_obj, &len);
        for (const char *const *key = keys; *key != NULL; key++) {
            if (strlen(*key) == len && memcmp(*key, name, len) != 0 && arg_same_but_case(*key, name, len)) {
                mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): '%s' is not known; '%s' is"), method, name, *key);
            }
        }
    }
}

mp_obj_t arg_get(mp_obj_t data, qstr key) {
    mp_obj_t value = runtime_dict_find(data, key);
    return value == mp_const_none ? MP_OBJ_NULL : value;
}

static bool arg_among(mp_obj_t name, const char *const *keys) {
    for (; *keys != NULL; keys++) {
        if (strcmp(mp_obj_str_get_str(name), *keys) == 0) {
            return true;
        }
    }
    return false;
}

mp_obj_t arg_stray(mp_obj_t data, const char *const *keys) {
    mp_obj_iter_buf_t room;
    mp_obj_t names = mp_getiter(data, &room), name;
    while ((name = mp_iternext(names)) != MP_OBJ_STOP_ITERATION) {
        if (mp_obj_is_str(name) && !arg_among(name, keys)) {
            return name;
        }
    }
    return MP_OBJ_NULL;
}

mp_obj_t arg_required(mp_obj_t data, mp_obj_t value, const char *method, const char *key, const char *const *keys) {
    if (value != MP_OBJ_NULL) {
        return value;
    }
    mp_obj_t stray = arg_stray(data, keys);
    if (stray != MP_OBJ_NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): '%s' is missing; '%s' is not known"), method, key,
            (const char *)mp_obj_str_get_str(stray));
    }
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): '%s' is missing"), method, key);
}

MP_NORETURN void arg_wrong_type(mp_obj_t value, const char *key, const char *wanted) {
    mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("'%s' must be %s, not %s"), key, wanted, mp_obj_get_type_str(value));
}

aliyun_iot_bytes arg_text(mp_obj_t value, const char *key) {
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

aliyun_iot_bytes arg_data(mp_obj_t value, const char *key) {
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

aliyun_iot_bytes arg_json(mp_obj_t value, const char *method, const char *key) {
    if (mp_obj_is_dict_or_ordereddict(value)) {
        value = json_of(value, method, key);
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

mp_int_t arg_int(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max) {
    if (value == MP_OBJ_NULL) {
        return ARG_INT_NONE;
    }
    mp_int_t number = arg_integer(value, key);
    if (number < min || number > max) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("'%s' must be %d to %d"), key, (int)min, (int)max);
    }
    return number;
}

mp_int_t arg_clamped(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max) {
    if (value == MP_OBJ_NULL) {
        return ARG_INT_NONE;
    }
    mp_int_t number = arg_integer(value, key);
    return number < min ? min : number > max ? max : number;
}

bool arg_bool(mp_obj_t value, const char *key, bool otherwise) {
    if (value == MP_OBJ_NULL) {
        return otherwise;
    }
    if (value != mp_const_true && value != mp_const_false) {
        arg_wrong_type(value, key, "bool");
    }
    return value == mp_const_true;
}
