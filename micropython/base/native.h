// What a native module reaches of the firmware's runtime, beside what py/dynruntime.h has. Functions have the names and
// prototypes of MicroPython's own, so that code does not see the difference; those that are no macros are in natmod/runtime.c.
#ifndef ALIYUN_IOT_BASE_NATIVE_H
#define ALIYUN_IOT_BASE_NATIVE_H

#include "py/dynruntime.h"
#include "py/gc.h"

#if ALIYUN_IOT_SPLIT
#include "generated/core_calls.h"
#endif

// A name of the module `builtins`, whatever the globals of the script have under that name.
mp_obj_t runtime_builtin(qstr name);

// Globals are those of the script whose call this is: nothing here looks a name up in them.
#undef mp_load_global
#undef mp_load_name
#define BUILTIN_TYPE(name) (*(mp_obj_type_t *)MP_OBJ_TO_PTR(runtime_builtin(MP_QSTR_##name)))
#undef mp_type_int
#define mp_type_int BUILTIN_TYPE(int)
#undef mp_type_bytes
#define mp_type_bytes BUILTIN_TYPE(bytes)
#undef mp_type_bytearray
#define mp_type_bytearray BUILTIN_TYPE(bytearray)
#undef mp_type_EOFError
#define mp_type_EOFError BUILTIN_TYPE(EOFError)
#undef mp_type_IndexError
#define mp_type_IndexError BUILTIN_TYPE(IndexError)
#undef mp_type_KeyError
#define mp_type_KeyError BUILTIN_TYPE(KeyError)
#undef mp_type_NotImplementedError
#define mp_type_NotImplementedError BUILTIN_TYPE(NotImplementedError)
#undef mp_type_RuntimeError
#define mp_type_RuntimeError BUILTIN_TYPE(RuntimeError)
#undef mp_type_TypeError
#define mp_type_TypeError BUILTIN_TYPE(TypeError)
#undef mp_type_ValueError
#define mp_type_ValueError BUILTIN_TYPE(ValueError)
#define mp_type_KeyboardInterrupt BUILTIN_TYPE(KeyboardInterrupt)
#define mp_type_OSError BUILTIN_TYPE(OSError)
#define mp_type_dict (*mp_fun_table.type_dict)

// The table's own functions for these look `MemoryError` and `OSError` up among the globals.
MP_NORETURN void runtime_no_memory(void);
static inline void *runtime_malloc(size_t bytes) {
    void *block = m_realloc_maybe(NULL, bytes, false);
    if (block == NULL && bytes != 0) {
        runtime_no_memory();
    }
    return block;
}
static inline void *runtime_realloc(void *block, size_t bytes) {
    block = m_realloc_maybe(block, bytes, true);
    if (block == NULL && bytes != 0) {
        runtime_no_memory();
    }
    return block;
}
static inline mp_obj_base_t *runtime_new_object(size_t bytes, const mp_obj_type_t *type) {
    mp_obj_base_t *object = runtime_malloc(bytes);
    object->type = type;
    return object;
}
#undef m_malloc
#define m_malloc(bytes) (runtime_malloc(bytes))
#undef m_realloc
#define m_realloc(block, bytes) (runtime_realloc((block), (bytes)))
#undef mp_obj_malloc_helper
#define mp_obj_malloc_helper(bytes, type) (runtime_new_object((bytes), (type)))

// The inline function of dynruntime.h would be compiled into each file that has a list.
#undef mp_obj_get_array
void mp_obj_get_array(mp_obj_t object, size_t *len, mp_obj_t **items);

// Prints a str where errors go.
void runtime_print_error(mp_obj_t text);

// ---- Exceptions ----

// As the firmware's nlr_buf_t begins. The rest is for what any firmware saves: its own nlr_push, or the C library's setjmp
// (32-bit Arm and RISC-V with floating-point registers, and the whole jmp_buf of glibc on x64, are the largest). One word more
// where Python has a stack of its own. natmod/module.c checks that what the firmware writes ends in here.
#define RUNTIME_NLR_WORDS (26 + 1)
typedef struct {
    void *prev;
    void *ret_val;
    void *registers[RUNTIME_NLR_WORDS];
} runtime_nlr_buf_t;

// natmod/nlr.c. The compiler is told that it returns twice: it neither inlines what calls it nor lets a variable that is
// needed the second time share its place with another.
#define nlr_buf_t runtime_nlr_buf_t
#if defined(__xtensa__)
void *runtime_nlr_link(runtime_nlr_buf_t *buffer);
int runtime_setjmp(void *registers) __attribute__((returns_twice));
#define nlr_push(buffer) (runtime_setjmp(runtime_nlr_link(buffer)))
#else
unsigned int runtime_nlr_push(runtime_nlr_buf_t *buffer) __attribute__((returns_twice));
#define nlr_push(buffer) (runtime_nlr_push(buffer))
#endif
#define nlr_pop() (mp_fun_table.nlr_pop())
#define nlr_jump(value) (mp_raise_dyn(MP_OBJ_FROM_PTR(value)))

// The compiler does not know of MicroPython's macro that it does not return; it does of the function.
#undef mp_raise_OSError

// ---- Calls and memory ----

#define mp_call_method_n_kw(n_args, n_kw, args) (mp_fun_table.call_method_n_kw((n_args), (n_kw), (args)))
#define m_malloc_maybe(bytes) (m_realloc_maybe(NULL, (bytes), false))
// A native module has no finalisers.
#define runtime_malloc_with_finaliser(struct_type, type) mp_obj_malloc(struct_type, type)

// The value of a name in a dictionary, or MP_OBJ_NULL. Allocates nothing.
mp_obj_t runtime_dict_find(mp_obj_t dict, qstr name);

void mp_hal_delay_ms(mp_uint_t ms);

// Which thread this is.
void *runtime_thread(void);

// ---- Locks: those of `_thread`, where there is one ----

#define RUNTIME_NEEDS_LOCKS (1)
typedef struct {
    mp_obj_t lock; // MP_OBJ_NULL without `_thread`
    bool held;     // whether Ctrl-C was held back before
} mp_thread_mutex_t;
void mp_thread_mutex_init(mp_thread_mutex_t *mutex);
int mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);

// Guards what all devices share. Nothing may be raised out of it.
void runtime_lock(void);
void runtime_unlock(void);
// Call it with what was stored in an object that other threads can reach, while a variable still holds it: see runtime.h.
void runtime_settle(void *stored);

// ---- Ctrl-C: natmod/interrupt.c ----

// MicroPython's unix port jumps out of wherever Ctrl-C strikes. It is held back in this thread until `restore` is called
// with what this returns; what came meanwhile comes then.
bool runtime_interrupts_hold(void);
void runtime_interrupts_restore(bool held);
// Lets Ctrl-C through until it is held back again.
void runtime_interrupts_allow(void);

// Whether it waits for the main program.
bool runtime_is_interrupted(void);

// The firmware's table for native modules has no function for it.
static inline bool runtime_stack_is_short(void) {
    return false;
}

// ---- What the module keeps: its only variable ----

typedef struct {
    const void *module;     // of whose names the code has the numbers: a script may delete it from `sys.modules`
    mp_obj_t connected;     // the list of the devices that are connected, or MP_OBJ_NULL
    struct _port_wake_t *wakes; // of these devices
    mp_obj_t ticks_ms;      // functions of `time`; to import it, MicroPython looks at the file system
    mp_obj_t sleep_ms;
    mp_obj_t schedule;      // of `micropython`
    mp_obj_t allocate_lock; // of `_thread`, or MP_OBJ_NULL
    mp_thread_mutex_t shared; // what `runtime_lock` takes
    byte *block;            // of the heap; for runtime_settle
    mp_obj_t endpoint;      // what environment variables say, to be kept from the collector
    mp_obj_t roots_file;
    mp_obj_t store;
    mp_thread_mutex_t store_guard; // guards the two that follow
    bool store_used;
    void *store_user;       // which thread uses the store
    uint32_t ticks_before;  // what `ticks_ms` said last, and what is to be added to it: it wraps early
    uint32_t ticks_more;
    bool linux;
    volatile bool interrupted; // Ctrl-C struck in a callback, and comes again after it
    volatile bool ending;   // what the scheduler has called is about to end: Ctrl-C would be printed and lost
} runtime_state_t;

runtime_state_t *runtime_state(void);

#endif
