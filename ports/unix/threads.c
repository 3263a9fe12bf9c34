// Fairness between threads. MicroPython's unix port is made for threads without an interpreter lock. With one, its sleeps
// keep the lock, and a thread that lets go of it for a moment takes it again before those that wait for it have woken.
//
// The variant's makefile has the linker put these in place of the port's functions (`--wrap`).

#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "py/mpthread.h"
#include "py/runtime.h"

#if MICROPY_PY_THREAD && MICROPY_PY_THREAD_GIL

// How long to wait for another thread to take the lock: what waking takes, with some to spare.
#define YIELDS (100)

int __real_usleep(useconds_t us);
int __real_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void __real_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);
int __wrap_usleep(useconds_t us);
int __wrap_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void __wrap_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);

// Threads that wait for the interpreter lock, and how often it was taken. A thread that the port cancels while it waits
// stays in the count: from then on, which is when the program ends, letting go takes a little longer.
volatile atomic_uint threads_waiting;
static atomic_uint taken;

int __wrap_usleep(useconds_t us) {
    MP_THREAD_GIL_EXIT();
    int result = __real_usleep(us);
    MP_THREAD_GIL_ENTER();
    return result;
}

int __wrap_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait) {
    if (mutex != &MP_STATE_VM(gil_mutex)) {
        return __real_mp_thread_mutex_lock(mutex, wait);
    }
    threads_waiting++;
    int result = __real_mp_thread_mutex_lock(mutex, wait);
    threads_waiting--;
    taken++;
    return result;
}

void __wrap_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex) {
    unsigned before = taken;
    __real_mp_thread_mutex_unlock(mutex);
    if (mutex == &MP_STATE_VM(gil_mutex)) {
        for (int i = 0; i < YIELDS && threads_waiting > 0 && taken == before; i++) {
            sched_yield();
        }
    }
}

void threads_give_way(void) {
    static unsigned loops;
    if (++loops % MICROPY_PY_THREAD_GIL_VM_DIVISOR == 0) {
        MP_THREAD_GIL_EXIT();
        MP_THREAD_GIL_ENTER();
    }
}

#endif
