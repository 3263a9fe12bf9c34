// MicroPython's runtime: that of the firmware, or what a native module (.mpy) reaches of it. Every file of the binding
// includes this in the place of py/runtime.h, so that it compiles as a user C module and as a native module alike.
//
// A native module calls what the firmware's table for such modules has, and all else through Python objects. What that
// asks of code here:
//
// - No variable of static storage that is not `const`; no root pointers. State lies in the device or in what it points to,
//   and what is there once for all devices in `runtime_state()` of base/native.h.
// - No constant table with names (MP_QSTR_…, MP_ROM_QSTR) in it, and no `case MP_QSTR_…`: names are numbered when the module
//   is loaded. Tables of functions, numbers and texts are fine. A table that a type needs (its methods) is made both ways in
//   device_class.c.
// - What is called: whatever py/dynruntime.h or base/native.h has. Else get it through Python: `mp_load_method` and
//   `mp_call_method_n_kw` on an object, or on a module that was imported. A function of the runtime that is worth it can
//   be given to native modules under its own name and prototype, in natmod/runtime.c.
// - Names of Python are looked up with `runtime_builtin`, not with `mp_load_global`: globals are those of the script.
// - To put something into a list or dictionary: `mp_obj_subscr`. (`mp_obj_list_store` is inline since MicroPython 1.28, and
//   calls what a native module does not have.)
// - To go through the keys of a dictionary: `mp_getiter`, `mp_iternext`; for the value of a key, `arg_get` in base/args.h.
// - No array of objects filled at once with constants of which one is an address: the compiler makes a variable of it.
// - Of the C library: memcpy, memmove, memset, memcmp, strlen, strcmp. No floating point.
// - `nlr_push` and `nlr_pop` as ever. Of what is changed in between, nothing may be looked at after an exception.
// - A text of MP_ERROR_TEXT with a `%` in it has at most 60 letters; longer words are put in with `%s`. Firmware that
//   compresses texts expands such a one into a buffer as long as its longest text, without a place for the NUL: the longest
//   text of all must be one that is not formatted.
// - Only `__del__` of a user C module is ever called: a native module has no finalisers.
#ifndef ALIYUN_IOT_BINDING_RUNTIME_H
#define ALIYUN_IOT_BINDING_RUNTIME_H

#include <string.h>

// Before anything that older ones do not have.
#include "py/mpconfig.h"
#if (MICROPY_VERSION_MAJOR << 8 | MICROPY_VERSION_MINOR) < (1 << 8 | 25)
#error aliyunIoT needs MicroPython 1.25 or newer
#endif

#include "aliyun_iot.h"
#include "py/mperrno.h"
#include "py/mpthread.h"
#include "py/obj.h"
#include "py/objstr.h"
#include "py/smallint.h"
#include "py/stream.h"

// Called NORETURN up to MicroPython 1.25.
#ifndef MP_NORETURN
#define MP_NORETURN NORETURN
#endif

#if MICROPY_ENABLE_DYNRUNTIME
#include "base/native.h"
#else
#include "py/builtin.h"
#include "py/cstack.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/objtype.h"
#include "py/runtime.h"

// A global interpreter lock guards everything; without one, each device has a lock of its own.
#define RUNTIME_NEEDS_LOCKS (MICROPY_PY_THREAD && !MICROPY_PY_THREAD_GIL)

// Guards what all devices share. It is the collector's own lock: no collection of another thread begins while it is held,
// and the thread that holds it may allocate. Nothing may be raised out of it.
static inline void runtime_lock(void) {
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_recursive_mutex_lock(&MP_STATE_MEM(gc_mutex), 1);
    #endif
}

static inline void runtime_unlock(void) {
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_recursive_mutex_unlock(&MP_STATE_MEM(gc_mutex));
    #endif
}

// Call it with what was stored in an object that other threads can reach, while a variable still holds it. A collector that
// does not stop this thread may have scanned that object already, and scans this thread's stack later: this keeps `stored`
// on the stack until a collection that is under way has ended. It allocates nothing.
static inline void runtime_settle(void *stored) {
    #if RUNTIME_NEEDS_LOCKS
    void *volatile kept = stored;
    runtime_lock();
    runtime_unlock();
    (void)kept;
    #else
    (void)stored;
    #endif
}

// The value of a name in a dictionary, or MP_OBJ_NULL. Allocates nothing.
static inline mp_obj_t runtime_dict_find(mp_obj_t dict, qstr name) {
    mp_map_elem_t *element = mp_map_lookup(mp_obj_dict_get_map(dict), MP_OBJ_NEW_QSTR(name), MP_MAP_LOOKUP);
    return element == NULL ? MP_OBJ_NULL : element->value;
}

// Ctrl-C waits for the interpreter to look. (A native module may have to hold it back: base/native.h.)
static inline bool runtime_interrupts_hold(void) {
    return false;
}

static inline void runtime_interrupts_restore(bool held) {
    (void)held;
}

static inline void runtime_interrupts_allow(void) {
}

// A name of the module `builtins`, whatever the globals of the script have under that name.
static inline mp_obj_t runtime_builtin(qstr name) {
    #if MICROPY_CAN_OVERRIDE_BUILTINS
    // What a script has put there on purpose: `builtins.open = …`.
    mp_obj_dict_t *overrides = MP_STATE_VM(mp_module_builtins_override_dict);
    mp_map_elem_t *own = overrides == NULL ? NULL : mp_map_lookup(&overrides->map, MP_OBJ_NEW_QSTR(name), MP_MAP_LOOKUP);
    if (own != NULL) {
        return own->value;
    }
    #endif
    return mp_load_attr(MP_OBJ_FROM_PTR(&mp_module_builtins), name);
}

// Whether Ctrl-C waits for the main program.
static inline bool runtime_is_interrupted(void) {
    return MP_STATE_MAIN_THREAD(mp_pending_exception) != MP_OBJ_NULL;
}

// Whether more than half of this thread's stack is used.
static inline bool runtime_stack_is_short(void) {
    #if MICROPY_STACK_CHECK
    return mp_cstack_usage() > MP_STATE_THREAD(stack_limit) / 2;
    #else
    return false;
    #endif
}

// Prints a str where errors go.
static inline void runtime_print_error(mp_obj_t text) {
    size_t len;
    const char *data = mp_obj_str_get_data(text, &len);
    const mp_print_t *print = MICROPY_ERROR_PRINTER;
    print->print_strn(print->data, data, len);
}

// Which thread this is.
static inline void *runtime_thread(void) {
    #if MICROPY_PY_THREAD
    return mp_thread_get_state();
    #else
    return NULL;
    #endif
}

// An object whose `__del__` is called, where there are finalisers.
#define runtime_malloc_with_finaliser(struct_type, type) mp_obj_malloc_with_finaliser(struct_type, type)
#endif

// ---- The same for both ----

// Whether an exception is of this type, or of one below it.
static inline bool runtime_is_a(mp_obj_t exception, const mp_obj_type_t *type) {
    return mp_obj_exception_match(exception, MP_OBJ_FROM_PTR(type));
}

// Stores an object in one that other threads can reach.
static inline void runtime_store(mp_obj_t *place, mp_obj_t object) {
    *place = object;
    runtime_settle(MP_OBJ_TO_PTR(object));
}

// ---- Functions of runtime.c ----

// The number that an OSError has; 0 of any other exception.
int runtime_errno(mp_obj_t exception);

// Raises OSError with a number, as `errno` has it, and words.
MP_NORETURN void runtime_raise_os(int number, mp_obj_t words);

// A str of a text of the core.
mp_obj_t runtime_text(aliyun_iot_bytes text);

mp_obj_t runtime_words(const char *text);

void runtime_set(mp_obj_t dict, qstr name, mp_obj_t value);

// Opens a file, as the builtin `open` does.
mp_obj_t runtime_open(mp_obj_t path, qstr mode);

// A module, as `import` gives it.
mp_obj_t runtime_import(qstr name);

// Calls a method (or a function of a module) with at most four arguments.
mp_obj_t runtime_call(mp_obj_t object, qstr method, size_t n_args, const mp_obj_t *args);

#endif
