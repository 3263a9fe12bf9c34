// The store is read, changed and written by one at a time: threads of this program, and on a computer other programs too.
// (A board has one interpreter.)

#include <string.h>

#include "base/port.h"
#include "store/host.h"
#include "store/lock.h"

// How long others may have it, and how often it is tried meanwhile.
#define WAIT_MS (10000)
#define TRY_AGAIN_MS (1)

// ---- Threads of this program ----

#if MICROPY_ENABLE_DYNRUNTIME

#define GUARDED(statement) \
    do { \
        runtime_state_t *state = runtime_state(); \
        mp_thread_mutex_lock(&state->store_guard, 1); \
        statement; \
        mp_thread_mutex_unlock(&state->store_guard); \
    } while (0)
#define USED (runtime_state()->store_used)
#define USER (runtime_state()->store_user)

#else

static volatile bool used;
static void *volatile user;

#define GUARDED(statement) \
    do { \
        mp_uint_t guard = MICROPY_BEGIN_ATOMIC_SECTION(); \
        statement; \
        MICROPY_END_ATOMIC_SECTION(guard); \
    } while (0)
#define USED used
#define USER user

#endif

static bool begin_use(void) {
    void *me = runtime_thread();
    bool free;
    GUARDED(free = !USED; if (free) { USED = true; USER = me; });
    return free;
}

static void end_use(void) {
    GUARDED(USED = false);
}

bool store_is_used_here(void) {
    return USED && USER == runtime_thread();
}

// ---- Other programs ----

// False if others have it. Raises OSError.
static bool lock_file(store_lock_t *lock, bool write) {
    lock->file = HOST_NO_LOCK;
    if (!host_reaches(port_store())) {
        return true;
    }
    vstr_t path;
    vstr_init(&path, 32);
    vstr_add_str(&path, port_store());
    vstr_add_str(&path, "-lock");
    lock->file = host_lock(mp_obj_str_get_str(mp_obj_new_str_from_vstr(&path)), write);
    return lock->file != HOST_BUSY;
}

// ---- Both ----

static bool try_lock(store_lock_t *lock, bool write) {
    if (!begin_use()) {
        return false;
    }
    bool locked = false;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        locked = lock_file(lock, write);
        nlr_pop();
    } else {
        end_use();
        runtime_interrupts_restore(lock->interrupts);
        nlr_jump(nlr.ret_val);
    }
    if (!locked) {
        end_use();
    }
    return locked;
}

void store_lock(store_lock_t *lock, bool write) {
    if (store_is_used_here()) {
        // A timer's callback, say, that has come in between.
        runtime_raise_os(MP_EBUSY, runtime_words("the store is in use by what this call has interrupted: call later"));
    }
    uint32_t start = port_ticks_ms();
    lock->interrupts = runtime_interrupts_hold();
    while (!try_lock(lock, write)) {
        bool late = port_ticks_ms() - start > WAIT_MS;
        if (late) {
            runtime_interrupts_restore(lock->interrupts);
            runtime_raise_os(MP_ETIMEDOUT, runtime_words("another program or thread has the store locked"));
        }
        // Callbacks and Ctrl-C come meanwhile.
        runtime_interrupts_allow();
        mp_hal_delay_ms(TRY_AGAIN_MS);
        runtime_interrupts_hold();
    }
}

void store_unlock(const store_lock_t *lock) {
    host_unlock(lock->file);
    end_use();
    runtime_interrupts_restore(lock->interrupts);
}
