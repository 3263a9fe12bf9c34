// What happens when the native module is imported: is this the firmware that it was built for? Then the class is made.

#include <string.h>

#include "device_class.h"
#include "generated/aliyunIoT_module.h"
#include "store/kv.h"
#if ALIYUN_IOT_SPLIT
#include "natmod/split/calls.h"
#endif

// More than any firmware's nlr_push writes; no less than runtime_nlr_buf_t has.
#define WORDS (2 + 24)
// What nlr_push writes here: the one before, the exception, registers; and one more where Python has a stack of its own.
#define WORDS_WRITTEN (2 + MICROPY_NLR_NUM_REGS)
#define WORDS_WRITTEN_MAX (WORDS_WRITTEN + 1)

// ---- Is it the right firmware? ----

static void fill(uintptr_t *words, uintptr_t pattern) {
    for (size_t i = 0; i < WORDS; i++) {
        words[i] = pattern;
    }
}

// How many words the firmware's nlr_push writes: those that do not keep both of two patterns.
static size_t words_written(void) {
    uintptr_t first[WORDS], second[WORDS];
    fill(first, (uintptr_t)0x5555555555555555);
    fill(second, (uintptr_t)0xaaaaaaaaaaaaaaaa);
    nlr_push(first);
    nlr_pop();
    nlr_push(second);
    nlr_pop();
    size_t written = WORDS;
    while (written > 0 && first[written - 1] == (uintptr_t)0x5555555555555555 && second[written - 1] == (uintptr_t)0xaaaaaaaaaaaaaaaa) {
        written--;
    }
    return written;
}

static MP_NORETURN void refuse(const char *why) {
    mp_raise_msg(MP_OBJ_TO_PTR(runtime_builtin(MP_QSTR_ImportError)), why);
}

// A firmware that loads a module for another way to call functions gives no sign of it, but it saves more registers.
static void check_firmware(void) {
    if (mp_fun_table.setjmp_ != NULL) {
        refuse("aliyunIoT: this firmware handles exceptions by setjmp, which the package does not: build the module into the firmware");
    }
    size_t written = words_written();
    if (written < WORDS_WRITTEN || written > WORDS_WRITTEN_MAX) {
        #if MICROPY_NLR_THUMB && defined(__SOFTFP__)
        refuse("aliyunIoT: this firmware uses the floating-point unit, and this package does not: take the one for armv7emsp");
        #elif MICROPY_NLR_THUMB
        refuse("aliyunIoT: this firmware does not use the floating-point unit, and this package does: take the one for armv7m");
        #else
        refuse("aliyunIoT: this firmware handles exceptions in a way that this package does not know");
        #endif
    }
}

// ---- State ----

// A name of a module, or MP_OBJ_NULL where there is no such module or name.
static mp_obj_t get(qstr module, qstr name) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t found = mp_load_attr(runtime_import(module), name);
        nlr_pop();
        return found;
    }
    return MP_OBJ_NULL;
}

static void state_new(mp_obj_fun_bc_t *self) {
    runtime_state_t *state = runtime_state();
    state->module = self->context;
    state->ticks_ms = get(MP_QSTR_time, MP_QSTR_ticks_ms);
    state->sleep_ms = get(MP_QSTR_time, MP_QSTR_sleep_ms);
    state->schedule = get(MP_QSTR_micropython, MP_QSTR_schedule);
    state->allocate_lock = get(MP_QSTR__thread, MP_QSTR_allocate_lock);
    state->store_guard.lock = state->allocate_lock == MP_OBJ_NULL ? MP_OBJ_NULL : mp_call_function_n_kw(state->allocate_lock, 0, 0, NULL);
    const char *platform = mp_obj_str_get_str(get(MP_QSTR_sys, MP_QSTR_platform));
    state->linux = strcmp(platform, "linux") == 0;
    mp_thread_mutex_init(&state->shared);
    state->block = m_new(byte, 1);
}

#define STORE_CLASS(name, prefix) mp_store_global(MP_QSTR_##name, prefix##_class_new());
// The package's kv.py finds them under these names.
#define STORE_KV(function, name, ...) mp_store_global(MP_QSTR_##function, MP_OBJ_FROM_PTR(&function##_obj));

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
    MP_DYNRUNTIME_INIT_ENTRY
    (void)n_args;
    (void)n_kw;
    (void)args;
    check_firmware();
    #if ALIYUN_IOT_SPLIT
    calls_find();
    #endif
    state_new(self);
    ALIYUNIOT_CLASSES(STORE_CLASS)
    KV_FUNCTIONS(STORE_KV, STORE_KV)
    MP_DYNRUNTIME_INIT_EXIT
}
