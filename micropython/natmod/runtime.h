// What a native module reaches of the firmware's runtime, beside what py/dynruntime.h has. Functions have the names and
// prototypes of MicroPython's own, so that code does not see the difference; those that are no macros are in runtime.c.
#ifndef ALIYUN_IOT_NATMOD_RUNTIME_H
#define ALIYUN_IOT_NATMOD_RUNTIME_H

#include "py/dynruntime.h"
#include "py/gc.h"

#define mp_type_KeyboardInterrupt (*(mp_obj_type_t *)mp_load_global(MP_QSTR_KeyboardInterrupt))
#define mp_type_OSError (*(mp_obj_type_t *)mp_load_global(MP_QSTR_OSError))
#define mp_type_dict (*mp_fun_table.type_dict)

// ---- Exceptions ----

// Room for whatever the firmware keeps of registers and stacks; more than its own nlr_buf_t may have here.
typedef struct {
    void *prev;
    void *ret_val;
    void *rest[24];
} runtime_nlr_buf_t;

// A function would not do: the registers to come back to are those of the caller.
#define nlr_buf_t runtime_nlr_buf_t
#define nlr_push(buffer) (mp_fun_table.nlr_push((void *)(buffer)))
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

// ---- Ctrl-C: interrupt.c ----

// MicroPython's unix port jumps out of wherever Ctrl-C strikes. It is held back in this thread until `restore` is called
// with what this returns; what came meanwhile comes then.
bool runtime_interrupts_hold(void);
void runtime_interrupts_restore(bool held);
// Lets Ctrl-C through until it is held back again.
void runtime_interrupts_allow(void);

// ---- What the module keeps: it has no variables of its own ----

typedef struct {
    mp_obj_t ticks_ms;      // functions of `time`, which it takes a look at the file system to import
    mp_obj_t sleep_ms;
    mp_obj_t schedule;      // of `micropython`
    mp_obj_t allocate_lock; // of `_thread`, or MP_OBJ_NULL
    mp_obj_t endpoint;      // what environment variables say, to be kept from the collector
    mp_obj_t roots_file;
    mp_obj_t store;
    uint32_t ticks_before;  // what `ticks_ms` said last, and what is to be added to it: it wraps early
    uint32_t ticks_more;
    bool linux;
} runtime_state_t;

runtime_state_t *runtime_state(void);

#endif
