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

static void arg_is_dict(mp_obj_t data, const char *method) {
    if (!mp_obj_is_dict_or_ordereddict(data)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%s() takes a dict, not %s"), method, mp_obj_get_type_str(data));
    }
}

void arg_dict(mp_obj_t data, const char *method, const char *const *keys) {
    arg_is_dict(data, method);
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

// A key that is not among `keys`, or MP_OBJ_NULL.
static mp_obj_t arg_stray(mp_obj_t data, const char *const *keys) {
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

// ---- Dictionaries that are a choice ----

// Raises ValueError with `words`, behind the method.
static MP_NORETURN void arg_raise(vstr_t *words) {
    nlr_jump(MP_OBJ_TO_PTR(mp_obj_new_exception_arg1(&mp_type_ValueError, mp_obj_new_str_from_vstr(words))));
}

static void arg_begin(vstr_t *words, const arg_choice_t *choice) {
    vstr_init(words, 80);
    vstr_printf(words, "%s(): ", choice->method);
}

// The next key that is a str, or MP_OBJ_NULL.
static mp_obj_t arg_next(mp_obj_t names) {
    mp_obj_t name;
    while ((name = mp_iternext(names)) != MP_OBJ_STOP_ITERATION) {
        if (mp_obj_is_str(name)) {
            return name;
        }
    }
    return MP_OBJ_NULL;
}

static const arg_key_t *arg_find(const arg_choice_t *choice, const char *name, size_t len, bool same_case) {
    for (const arg_key_t *key = choice->keys; key->name != NULL; key++) {
        if (strlen(key->name) == len && (same_case ? memcmp(key->name, name, len) == 0 : arg_same_but_case(key->name, name, len))) {
            return key;
        }
    }
    return NULL;
}

static const arg_key_t *arg_of(const arg_choice_t *choice, mp_obj_t name) {
    size_t len;
    const char *text = mp_obj_str_get_data(name, &len);
    return arg_find(choice, text, len, true);
}

// A key that the case does not have, or MP_OBJ_NULL. One that differs from a key of the case in upper and lower case is
// preferred.
static mp_obj_t arg_odd(mp_obj_t data, const arg_choice_t *choice, unsigned which, const arg_key_t **meant) {
    mp_obj_iter_buf_t room;
    mp_obj_t names = mp_getiter(data, &room), name, odd = MP_OBJ_NULL;
    *meant = NULL;
    while ((name = arg_next(names)) != MP_OBJ_NULL) {
        size_t len;
        const char *text = mp_obj_str_get_data(name, &len);
        const arg_key_t *key = arg_find(choice, text, len, true);
        if (key != NULL && key->cases >> which & 1) {
            continue;
        }
        odd = odd == MP_OBJ_NULL ? name : odd;
        key = arg_find(choice, text, len, false);
        if (key != NULL && key->cases >> which & 1) {
            *meant = key;
            return name;
        }
    }
    return odd;
}

// Adds what is wrong with the key `name`, which the case does not have.
static void arg_add_odd(vstr_t *words, mp_obj_t name, const arg_choice_t *choice, const arg_key_t *meant) {
    vstr_printf(words, "'%s", mp_obj_str_get_str(name));
    if (meant != NULL) {
        vstr_printf(words, "' is not known; '%s' is", meant->name);
        return;
    }
    // Keys that only clouds have that are left out are not in the table.
    const arg_key_t *key = ALIYUN_IOT_HAS_OTHERS ? arg_of(choice, name) : NULL;
    if (key == NULL) {
        vstr_add_str(words, "' is not known");
        return;
    }
    unsigned other = 0;
    while (!(key->cases >> other & 1)) {
        other++;
    }
    vstr_printf(words, "' is a key of %s '%s'", choice->key, choice->cases[other]);
}

MP_NORETURN void arg_missing(mp_obj_t data, const char *key, const arg_choice_t *choice, unsigned which, const char *hint) {
    vstr_t words;
    arg_begin(&words, choice);
    vstr_printf(&words, "'%s' is missing", key);
    const arg_key_t *meant;
    mp_obj_t odd = arg_odd(data, choice, which, &meant);
    if (odd != MP_OBJ_NULL) {
        vstr_add_str(&words, "; ");
        arg_add_odd(&words, odd, choice, meant);
    } else {
        vstr_add_str(&words, hint);
    }
    arg_raise(&words);
}

// Whether the dictionary has a value for the key.
static bool arg_has(mp_obj_t data, const char *key) {
    mp_obj_iter_buf_t room;
    mp_obj_t names = mp_getiter(data, &room), name;
    while ((name = arg_next(names)) != MP_OBJ_NULL) {
        if (strcmp(mp_obj_str_get_str(name), key) == 0) {
            return mp_obj_subscr(data, name, MP_OBJ_SENTINEL) != mp_const_none;
        }
    }
    return false;
}

// Which case has the name `chosen`.
static unsigned arg_case(mp_obj_t chosen, const arg_choice_t *choice) {
    if (!mp_obj_is_str(chosen)) {
        arg_wrong_type(chosen, choice->key, "str");
    }
    unsigned which = 0;
    for (; choice->cases[which] != NULL; which++) {
        if (strcmp(mp_obj_str_get_str(chosen), choice->cases[which]) == 0) {
            return which;
        }
    }
    vstr_t words;
    arg_begin(&words, choice);
    vstr_printf(&words, "'%s' must be ", choice->key);
    for (unsigned i = 0; i < which; i++) {
        vstr_printf(&words, "%s'%s'", i == 0 ? "" : i + 1 == which ? " or " : ", ", choice->cases[i]);
    }
    vstr_printf(&words, ", not '%s'", mp_obj_str_get_str(chosen));
    arg_raise(&words);
}

unsigned arg_choose(mp_obj_t data, qstr chooses, const arg_choice_t *choice) {
    arg_is_dict(data, choice->method);
    mp_obj_t chosen = arg_get(data, chooses);
    unsigned which = chosen == MP_OBJ_NULL ? 0 : arg_case(chosen, choice);
    choice->check(which);
    const arg_key_t *meant;
    mp_obj_t odd = arg_odd(data, choice, which, &meant);
    for (const arg_key_t *key = choice->keys; meant == NULL && key->name != NULL; key++) {
        if (key->needs >> which & 1 && !arg_has(data, key->name)) {
            arg_missing(data, key->name, choice, which, "");
        }
    }
    if (odd != MP_OBJ_NULL && (meant != NULL || chosen != MP_OBJ_NULL)) {
        vstr_t words;
        arg_begin(&words, choice);
        arg_add_odd(&words, odd, choice, meant);
        if (ALIYUN_IOT_HAS_OTHERS && meant == NULL && arg_of(choice, odd) != NULL) {
            vstr_printf(&words, ", not of '%s'", choice->cases[which]);
        }
        arg_raise(&words);
    }
    return which;
}

// ---- Values ----

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
