// Calls of the runtime that many files make: functions, since their code in line would take flash at every place.

#include <string.h>

#include "base/runtime.h"

int runtime_errno(mp_obj_t exception) {
    mp_obj_t value = runtime_is_a(exception, &mp_type_OSError) ? mp_obj_exception_get_value(exception) : mp_const_none;
    return mp_obj_is_small_int(value) ? MP_OBJ_SMALL_INT_VALUE(value) : 0;
}

MP_NORETURN void runtime_raise_os(int number, mp_obj_t words) {
    mp_obj_t arguments[2];
    arguments[0] = MP_OBJ_NEW_SMALL_INT(number);
    arguments[1] = words;
    nlr_jump(MP_OBJ_TO_PTR(mp_call_function_n_kw(MP_OBJ_FROM_PTR(&mp_type_OSError), 2, 0, arguments)));
}

mp_obj_t runtime_text(aliyun_iot_bytes text) {
    return mp_obj_new_str((const char *)text.data, text.len);
}

mp_obj_t runtime_words(const char *text) {
    return mp_obj_new_str(text, strlen(text));
}

void runtime_set(mp_obj_t dict, qstr name, mp_obj_t value) {
    mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(name), value);
}

mp_obj_t runtime_open(mp_obj_t path, qstr mode) {
    mp_obj_t arguments[2];
    arguments[0] = path;
    arguments[1] = MP_OBJ_NEW_QSTR(mode);
    return mp_call_function_n_kw(runtime_builtin(MP_QSTR_open), 2, 0, arguments);
}

mp_obj_t runtime_import(qstr name) {
    return mp_import_name(name, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
}

mp_obj_t runtime_call(mp_obj_t object, qstr method, size_t n_args, const mp_obj_t *args) {
    mp_obj_t target[2 + 4];
    mp_load_method(object, method, target);
    for (size_t i = 0; i < n_args; i++) {
        target[2 + i] = args[i];
    }
    return mp_call_method_n_kw(n_args, 0, target);
}
