// A dict as JSON: what in it cannot be sent, and where does it stand?

#include <string.h>

#include "base/json.h"

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
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t arguments[2];
        arguments[0] = value;
        arguments[1] = runtime_builtin(type);
        bool is = mp_call_function_n_kw(runtime_builtin(MP_QSTR_isinstance), 2, 0, arguments) == mp_const_true;
        nlr_pop();
        return is;
    }
    return false;
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

mp_obj_t json_of(mp_obj_t dict, const char *method, const char *key) {
    argument_t argument = { method, key };
    check_value(&argument, dict, NULL, 0);
    return dumped(dict);
}
