// Functions of MicroPython's runtime that are not in the firmware's table for native modules: made of those that are, or
// asked of Python objects.

#include <stdarg.h>
#include <string.h>

#include "base/runtime.h"

mp_obj_t runtime_builtin(qstr name) {
    return mp_load_attr(runtime_import(MP_QSTR_builtins), name);
}

// Zeros at the start, and the collector looks into it. No script can reach it. (A variable that were static, MicroPython's
// linker would refuse.)
runtime_state_t runtime_module_state;

runtime_state_t *runtime_state(void) {
    return &runtime_module_state;
}

// ---- The C library ----

int strcmp(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (byte)*a - (byte)*b;
}

// ---- Exceptions ----

MP_NORETURN void mp_raise_msg_varg(const mp_obj_type_t *type, mp_rom_error_text_t format, ...) {
    vstr_t text;
    vstr_init(&text, 64);
    va_list arguments;
    va_start(arguments, format);
    vstr_vprintf(&text, (const char *)format, arguments);
    va_end(arguments);
    mp_raise_type_arg(type, mp_obj_new_str_from_vstr(&text));
}

MP_NORETURN void mp_raise_OSError(int number) {
    mp_raise_type_arg(&mp_type_OSError, MP_OBJ_NEW_SMALL_INT(number));
}

bool mp_obj_exception_match(mp_obj_t exception, mp_const_obj_t type) {
    return mp_binary_op(MP_BINARY_OP_EXCEPTION_MATCH, exception, MP_OBJ_FROM_PTR(type)) == mp_const_true;
}

mp_obj_t mp_obj_exception_get_value(mp_obj_t exception) {
    return mp_load_attr(exception, MP_QSTR_value);
}

void mp_obj_print_exception(const mp_print_t *print, mp_obj_t exception) {
    (void)print;
    mp_obj_t sys = runtime_import(MP_QSTR_sys);
    mp_obj_t stderr_or_null[2];
    mp_load_method_maybe(sys, MP_QSTR_stderr, stderr_or_null);
    mp_obj_t arguments[2] = { exception, stderr_or_null[0] };
    runtime_call(sys, MP_QSTR_print_exception, stderr_or_null[0] == MP_OBJ_NULL ? 1 : 2, arguments);
}

void runtime_print_error(mp_obj_t text) {
    mp_obj_t write[2 + 1];
    mp_load_method_maybe(runtime_import(MP_QSTR_sys), MP_QSTR_stderr, write);
    if (write[0] != MP_OBJ_NULL) {
        runtime_call(write[0], MP_QSTR_write, 1, &text);
    } else {
        size_t len;
        const char *data = mp_obj_str_get_data(text, &len);
        mp_plat_print.print_strn(mp_plat_print.data, data, len);
    }
}

// ---- Objects ----

bool mp_obj_is_dict_or_ordereddict(mp_obj_t object) {
    const mp_obj_type_t *type = mp_obj_get_type(object);
    return MP_OBJ_TYPE_GET_SLOT_OR_NULL(type, make_new) == MP_OBJ_TYPE_GET_SLOT(&mp_type_dict, make_new);
}

bool mp_obj_is_callable(mp_obj_t object) {
    return mp_call_function_1(runtime_builtin(MP_QSTR_callable), object) == mp_const_true;
}

const char *mp_obj_get_type_str(mp_const_obj_t object) {
    return mp_obj_str_get_str(MP_OBJ_NEW_QSTR(mp_obj_get_type(object)->name));
}

void mp_obj_get_array(mp_obj_t object, size_t *len, mp_obj_t **items) {
    mp_obj_get_array_dyn(object, len, items);
}

void mp_obj_get_array_fixed_n(mp_obj_t object, size_t wanted, mp_obj_t **items) {
    size_t len;
    mp_obj_get_array(object, &len, items);
    if (len != wanted) {
        mp_raise_ValueError(MP_ERROR_TEXT("a list or tuple of another length was expected"));
    }
}

mp_obj_t mp_obj_new_bytearray(size_t len, const void *items) {
    byte *copy = m_new(byte, len);
    memcpy(copy, items, len);
    return mp_obj_new_bytearray_by_ref(len, copy);
}

mp_obj_t mp_obj_new_str_from_vstr(vstr_t *text) {
    mp_obj_t made = mp_obj_new_str(text->buf, text->len);
    vstr_clear(text);
    return made;
}

void mp_obj_print_helper(const mp_print_t *print, mp_obj_t object, mp_print_kind_t kind) {
    (void)kind;
    size_t len;
    const char *text = mp_obj_str_get_data(mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_str), object), &len);
    print->print_strn(print->data, text, len);
}

int mp_print_str(const mp_print_t *print, const char *text) {
    size_t len = strlen(text);
    print->print_strn(print->data, text, len);
    return len;
}

mp_obj_t runtime_dict_find(mp_obj_t dict, qstr name) {
    mp_obj_t key = MP_OBJ_NEW_QSTR(name);
    mp_obj_t value = runtime_call(dict, MP_QSTR_get, 1, &key);
    return value == mp_const_none ? MP_OBJ_NULL : value;
}

// The table's function leaves in the buffer what is to be gone through, wherever it lies.
mp_obj_t mp_getiter(mp_obj_t object, mp_obj_iter_buf_t *buffer) {
    mp_fun_table.getiter(object, buffer);
    return MP_OBJ_FROM_PTR(buffer);
}

mp_obj_t mp_iternext(mp_obj_t iterator) {
    return mp_fun_table.iternext(MP_OBJ_TO_PTR(iterator));
}

mp_obj_t mp_call_function_1(mp_obj_t function, mp_obj_t argument) {
    return mp_call_function_n_kw(function, 1, 0, &argument);
}

// ---- Memory ----

MP_NORETURN void runtime_no_memory(void) {
    mp_raise_msg(MP_OBJ_TO_PTR(runtime_builtin(MP_QSTR_MemoryError)), MP_ERROR_TEXT("memory allocation failed"));
}

// A locked heap gives nothing. (Nor does one that is full: then there is no going on either.)
bool gc_is_locked(void) {
    void *block = m_malloc_maybe(1);
    m_free(block);
    return block == NULL;
}

// ---- Time and threads ----

void mp_hal_delay_ms(mp_uint_t ms) {
    mp_call_function_1(runtime_state()->sleep_ms, MP_OBJ_NEW_SMALL_INT(ms));
}

void *runtime_thread(void) {
    if (runtime_state()->allocate_lock == MP_OBJ_NULL) {
        return NULL;
    }
    return (void *)(uintptr_t)mp_obj_get_int(runtime_call(runtime_import(MP_QSTR__thread), MP_QSTR_get_ident, 0, NULL));
}

void mp_thread_mutex_init(mp_thread_mutex_t *mutex) {
    mp_obj_t allocate = runtime_state()->allocate_lock;
    mutex->lock = allocate == MP_OBJ_NULL ? MP_OBJ_NULL : mp_call_function_n_kw(allocate, 0, 0, NULL);
}

int mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait) {
    (void)wait;
    bool held = runtime_interrupts_hold();
    if (mutex->lock != MP_OBJ_NULL) {
        runtime_call(mutex->lock, MP_QSTR_acquire, 0, NULL);
    }
    mutex->held = held;
    return 1;
}

void mp_thread_mutex_unlock(mp_thread_mutex_t *mutex) {
    bool held = mutex->held;
    if (mutex->lock != MP_OBJ_NULL) {
        runtime_call(mutex->lock, MP_QSTR_release, 0, NULL);
    }
    runtime_interrupts_restore(held);
}

void runtime_lock(void) {
    mp_thread_mutex_lock(&runtime_state()->shared, 1);
}

void runtime_unlock(void) {
    mp_thread_mutex_unlock(&runtime_state()->shared);
}

// MicroPython's unix port lets threads run while it collects, and scans one stack after the other. A block is resized to
// the size that it has: that waits until the collector has ended, and changes nothing.
void runtime_settle(void *stored) {
    runtime_state_t *state = runtime_state();
    if (state->allocate_lock == MP_OBJ_NULL) {
        return;
    }
    void *volatile kept = stored;
    mp_fun_table.realloc_(state->block, 1, false);
    (void)kept;
}
