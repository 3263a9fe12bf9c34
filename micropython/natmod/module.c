// What happens when the native module starts: is this the firmware that it was built for? Then the class is made.

#include <string.h>

#include "device_class.h"
#include "generated/aliyunIoT_module.h"
#include "natmod/start.h"
#include "store/kv.h"
#if ALIYUN_IOT_SPLIT
#include "natmod/split/package.h"
#endif

// ---- Is it the right firmware? ----

// More than any firmware writes into a buffer of nlr_push: newlib's jmp_buf for RISC-V has 76 words.
#define PROBE_WORDS (2 + 76 + 2)
// What a firmware's own nlr_push writes: the one before, the exception, registers; and one more where Python has a stack of its
// own.
#define WORDS_WRITTEN (2 + MICROPY_NLR_NUM_REGS)
#define WORDS_WRITTEN_MAX (WORDS_WRITTEN + 1)

// How many words of a buffer are written at most, if all had `pattern` before.
static size_t words_changed(uintptr_t pattern) {
    uintptr_t probe[PROBE_WORDS];
    for (size_t i = 0; i < PROBE_WORDS; i++) {
        probe[i] = pattern;
    }
    (mp_fun_table.nlr_push)((void *)probe);
    int (*save)(void *) = mp_fun_table.setjmp_;
    if (save != NULL) {
        save(&probe[2]);
    }
    nlr_pop();
    size_t changed = PROBE_WORDS;
    while (changed > 0 && probe[changed - 1] == pattern) {
        changed--;
    }
    return changed;
}

// A word may be written and keep one pattern, but not both.
static size_t words_written(void) {
    return MAX(words_changed((uintptr_t)0x5555555555555555), words_changed((uintptr_t)0xaaaaaaaaaaaaaaaa));
}

// What the firmware writes must end inside a buffer. With setjmp nothing else matters: nothing here passes floats, so a
// package for soft floats runs where floats are in registers. A firmware's own nlr_push tells by what it saves how it passes
// floats.
static start_t check_firmware(void) {
    size_t written = words_written();
    if (written > sizeof(runtime_nlr_buf_t) / sizeof(uintptr_t)) {
        return START_SAVES_MORE;
    }
    if (mp_fun_table.setjmp_ != NULL) {
        return START_OK;
    }
    #if defined(__xtensa__)
    return START_NO_SETJMP;
    #else
    if (written < WORDS_WRITTEN || written > WORDS_WRITTEN_MAX) {
        #if MICROPY_NLR_THUMB && defined(__SOFTFP__)
        return START_HARD_FLOATS;
        #elif MICROPY_NLR_THUMB
        return START_SOFT_FLOATS;
        #else
        return START_OTHER_EXCEPTIONS;
        #endif
    }
    return START_OK;
    #endif
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

static void state_new(mp_obj_t module) {
    runtime_state_t *state = runtime_state();
    state->module = MP_OBJ_TO_PTR(module);
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

// ---- Import ----

#define STORE_CLASS(name, prefix) mp_store_attr(module, MP_QSTR_##name, prefix##_class_new());
// The package's kv.py finds them under these names.
#define STORE_KV(function, name, ...) mp_store_attr(module, MP_QSTR_##function, MP_OBJ_FROM_PTR(&function##_obj));

// Makes all that the module has, once: the package calls it with the module itself and, where it is split, with the table of
// the library's calls and the path of the trust roots. Returns a start_t.
static mp_obj_t module_start(mp_obj_t module, mp_obj_t calls, mp_obj_t roots) {
    (void)calls;
    (void)roots;
    start_t why = check_firmware();
    #if ALIYUN_IOT_SPLIT
    if (why == START_OK) {
        why = package_take(calls, roots);
    }
    #endif
    if (why == START_OK) {
        mp_store_attr(module, MP_QSTR_start, MP_OBJ_NULL);
        state_new(module);
        ALIYUNIOT_CLASSES(STORE_CLASS)
        KV_FUNCTIONS(STORE_KV, STORE_KV)
    }
    return MP_OBJ_NEW_SMALL_INT(why);
}
static MP_DEFINE_CONST_FUN_OBJ_3(module_start_obj, module_start);

// On ESP32 the loader copies the code to memory of its own, and the first copy lies in the heap until a collection finds that
// nobody needs it. So what takes memory waits for `start`, before which the package collects.
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
    MP_DYNRUNTIME_INIT_ENTRY
    (void)n_args;
    (void)n_kw;
    (void)args;
    mp_store_global(MP_QSTR_start, MP_OBJ_FROM_PTR(&module_start_obj));
    MP_DYNRUNTIME_INIT_EXIT
}
