// Values out of argument dictionaries.

#include <string.h>

#include "args.h"

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

// ---- What is no JSON in a dict ----

// As deep as the core reads.
#define DEPTH_MAX (32)

// Where a value stands: a key of a dict, or a position in a list.
typedef struct _place_t {
    const struct _place_t *outer;
    mp_obj_t key; // MP_OBJ_NULL in a list
    size_t index;
} place_t;

typedef struct {
    const char *method;
    const char *key;
} argument_t;

static void add_str(vstr_t *text, mp_obj_t object) {
    mp_obj_t str = mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_str), object);
    size_t len;
    const char *data = mp_obj_str_get_data(str, &len);
    vstr_add_strn(text, data, len);
}

static void add_place(vstr_t *text, const place_t *place) {
    if (place->outer != NULL) {
        add_place(text, place->outer);
    }
    if (place->key == MP_OBJ_NULL) {
        vstr_printf(text, "[%u]", (unsigned)place->index);
    } else {
        if (place->outer != NULL) {
            vstr_add_byte(text, '.');
        }
        add_str(text, place->key);
    }
}

static MP_NORETURN void refuse_json(const argument_t *argument, const place_t *place, const char *is, mp_obj_t what) {
    vstr_t text;
    vstr_init(&text, 64);
    if (argument->method != NULL) {
        vstr_printf(&text, "%s(): ", argument->method);
    }
    vstr_printf(&text, "'%s' cannot be sent as JSON: ", argument->key);
    if (place != NULL) {
        vstr_add_byte(&text, '\'');
        add_place(&text, place);
        vstr_add_str(&text, "' ");
    }
    vstr_add_str(&text, is);
    if (what != MP_OBJ_NULL) {
        add_str(&text, what);
    }
    mp_obj_t message = mp_obj_new_str_from_vstr(&text);
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s"), mp_obj_str_get_str(message));
}

static mp_obj_t dumped(mp_obj_t value) {
    return runtime_call(runtime_import(MP_QSTR_json), MP_QSTR_dumps, 1, &value);
}

// Firmware may lack the type.
static bool is_one_of(mp_obj_t value, qstr type) {
    bool is = false;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t arguments[2];
        arguments[0] = value;
        arguments[1] = runtime_builtin(type);
        is = mp_call_function_n_kw(runtime_builtin(MP_QSTR_isinstance), 2, 0, arguments) == mp_const_true;
        nlr_pop();
    }
    return is;
}

// Whether a text is UTF-8 that others read: MicroPython has texts with halves of surrogate pairs in them, too.
static bool is_unicode(mp_obj_t value) {
    mp_buffer_info_t bytes;
    mp_get_buffer_raise(value, &bytes, MP_BUFFER_READ);
    const byte *text = bytes.buf;
    for (size_t i = 0; i < bytes.len;) {
        byte first = text[i++];
        size_t more = first < 0x80 ? 0 : first < 0xc2 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 4;
        if (more > bytes.len - i || more == 4) {
            return false;
        }
        byte second = more > 0 ? text[i] : 0;
        if ((first == 0xed && second >= 0xa0) || (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90)) {
            return false;
        }
        for (; more > 0; more--) {
            if ((text[i++] & 0xc0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

// Whether what `json.dumps` makes of a value is a number as JSON has it: not `nan`, nor `1j`.
static bool is_number(mp_obj_t text) {
    const char *digit = mp_obj_str_get_str(text);
    if (*digit == '\0') {
        return false;
    }
    for (; *digit != '\0'; digit++) {
        bool sign = *digit == '-' || *digit == '+' || *digit == '.' || *digit == 'e' || *digit == 'E';
        if (!sign && (*digit < '0' || *digit > '9')) {
            return false;
        }
    }
    return true;
}

static void check_key(const argument_t *argument, const place_t *place) {
    mp_obj_t key = place->key;
    if (!mp_obj_is_str(key)) {
        // json.dumps makes texts of these.
        bool made = key == mp_const_none || key == mp_const_true || key == mp_const_false || mp_obj_is_int(key)
            || (mp_obj_is_type(key, &mp_type_bytes) && is_unicode(key)) || (is_one_of(key, MP_QSTR_float));
        if (!made) {
            refuse_json(argument, place, "is a key of type ", runtime_words(mp_obj_get_type_str(key)));
        }
    } else if (!is_unicode(key)) {
        refuse_json(argument, place, "is a key that is not Unicode", MP_OBJ_NULL);
    }
}

static void check_value(const argument_t *argument, mp_obj_t value, const place_t *place, int depth);

static void check_dict(const argument_t *argument, mp_obj_t dict, const place_t *outer, int depth) {
    place_t place = { outer, MP_OBJ_NULL, 0 };
    mp_obj_iter_buf_t room;
    mp_obj_t keys = mp_getiter(dict, &room);
    while ((place.key = mp_iternext(keys)) != MP_OBJ_STOP_ITERATION) {
        check_key(argument, &place);
        check_value(argument, mp_obj_subscr(dict, place.key, MP_OBJ_SENTINEL), &place, depth);
    }
}

static void check_list(const argument_t *argument, mp_obj_t list, const place_t *outer, int depth) {
    place_t place = { outer, MP_OBJ_NULL, 0 };
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(list, &count, &items);
    for (; place.index < count; place.index++) {
        check_value(argument, items[place.index], &place, depth);
    }
}

static void check_other(const argument_t *argument, mp_obj_t value, const place_t *place) {
    if (mp_obj_is_type(value, &mp_type_bytes)) {
        if (!is_unicode(value)) {
            refuse_json(argument, place, "is bytes that are not text", MP_OBJ_NULL);
        }
        return;
    }
    // Classes of the script's own may be made of a dict, list or text, or have a __repr__ that makes JSON.
    mp_obj_t text = dumped(value);
    const char *first = mp_obj_str_get_str(text);
    bool is_json = *first == '"' || *first == '[' || *first == '{' || is_number(text);
    if (is_json && !is_one_of(value, MP_QSTR_set)) {
        return;
    }
    if (is_one_of(value, MP_QSTR_float)) {
        refuse_json(argument, place, "is ", text);
    }
    refuse_json(argument, place, "is of type ", runtime_words(mp_obj_get_type_str(value)));
}

static void check_value(const argument_t *argument, mp_obj_t value, const place_t *place, int depth) {
    if (mp_obj_is_str(value)) {
        if (!is_unicode(value)) {
            refuse_json(argument, place, "is text that is not Unicode", MP_OBJ_NULL);
        }
        return;
    }
    bool is_dict = mp_obj_is_dict_or_ordereddict(value);
    if (is_dict || mp_obj_is_type(value, &mp_type_list) || mp_obj_is_type(value, &mp_type_tuple)) {
        if (depth == DEPTH_MAX) {
            refuse_json(argument, NULL, "it is nested deeper than 32 levels", MP_OBJ_NULL);
        }
        if (is_dict) {
            check_dict(argument, value, place, depth + 1);
        } else {
            check_list(argument, value, place, depth + 1);
        }
    } else if (!mp_obj_is_int(value) && value != mp_const_none && value != mp_const_true && value != mp_const_false) {
        check_other(argument, value, place);
    }
}

aliyun_iot_bytes arg_json(mp_obj_t value, const char *method, const char *key) {
    if (mp_obj_is_dict_or_ordereddict(value)) {
        argument_t argument = { method, key };
        check_value(&argument, value, NULL, 0);
        value = dumped(value);
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
