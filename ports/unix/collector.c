// A garbage collection during which no other thread runs.
//
// MicroPython without an interpreter lock lets the other threads run on while the collector marks. It scans the global
// variables first, and the stack of each thread later, when a signal has reached it. A thread that has put an object into
// something scanned already, and forgotten the pointer before the signal came, loses the object: the collector frees it,
// and it is in use. So the threads are stopped before the marking begins, and run on when it has ended. What is not
// marked then cannot be reached by any of them: they may run while it is freed, finalisers included. (A thread that is
// stopped may hold the lock of malloc, which finalisers need.)
//
// The functions here stand in the place of MicroPython's, which they call (the linker's option --wrap: port.mk).

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "py/gc.h"
#include "py/mphal.h"
#include "py/mpthread.h"
#include "py/runtime.h"
#include "threads.h"

#if !MICROPY_PY_THREAD || MICROPY_PY_THREAD_GIL
#error The unix port takes threads without an interpreter lock: MICROPY_PY_THREAD = 1, and no MICROPY_PY_THREAD_GIL
#endif

// MicroPython has a thread scan its own stack at this signal (ports/unix/mpthreadport.c). It reaches stopped
// threads, too. On Android the next signal ends threads.
#define SCAN_SIGNAL (SIGRTMIN + 5)
#define STOP_SIGNAL (SIGRTMIN + 7)

// One for each thread that runs Python, in the thread's own memory.
typedef struct _running_t {
    struct _running_t *next;
    pthread_t thread;
} running_t;

static _Thread_local running_t here;
// Changed within an atomic section only, as MicroPython's own list.
static running_t *running;
static sem_t stopped;
static atomic_uint continued; // how often threads were stopped and have continued
static pthread_t main_thread;
static bool others_are_stopped;

bool threads_is_main(void) {
    return pthread_equal(pthread_self(), main_thread);
}

bool threads_are_many(void) {
    return running != NULL && running->next != NULL;
}

// ---- Stopping ----

static long futex(atomic_uint *word, int operation, unsigned value) {
    return syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

// What runs in a thread that is to stop: returns when it may go on.
static void stop(int signal) {
    (void)signal;
    int saved = errno;
    unsigned before = atomic_load(&continued);
    sem_post(&stopped);
    while (atomic_load(&continued) == before) {
        futex(&continued, FUTEX_WAIT, before);
    }
    errno = saved;
}

// Within an atomic section: no thread begins, ends or is within one.
static void stop_others(void) {
    size_t count = 0;
    for (running_t *other = running; other != NULL; other = other->next) {
        if (!pthread_equal(other->thread, pthread_self()) && pthread_kill(other->thread, STOP_SIGNAL) == 0) {
            count++;
        }
    }
    for (; count > 0; count--) {
        while (sem_wait(&stopped) != 0) {
        }
    }
}

static void continue_others(void) {
    atomic_fetch_add(&continued, 1);
    futex(&continued, FUTEX_WAKE, INT32_MAX);
}

// ---- Marking ----

// Two bits for each block, four blocks a byte, as in py/gc.c.
#define KIND_TAIL (2)
#define KIND_MARKED (3)

static int kind_of(const mp_state_mem_area_t *area, size_t block) {
    return area->gc_alloc_table_start[block / 4] >> 2 * (block & 3) & 3;
}

// The collector's own stack may have been too small. Then blocks are marked whose children are not, and it looks through
// the whole heap for them; but it does that after the threads run on, so it is done here before.
static void mark_the_rest(void) {
    while (MP_STATE_MEM(gc_stack_overflow)) {
        MP_STATE_MEM(gc_stack_overflow) = 0;
        mp_state_mem_area_t *area = &MP_STATE_MEM(area);
        while (area != NULL) {
            for (size_t block = 0; block < area->gc_alloc_table_byte_len * 4; block++) {
                if (kind_of(area, block) == KIND_MARKED) {
                    size_t count = 1;
                    while (kind_of(area, block + count) == KIND_TAIL) {
                        count++;
                    }
                    byte *start = area->gc_pool_start + block * MICROPY_BYTES_PER_GC_BLOCK;
                    gc_collect_root((void **)(void *)start, count * MICROPY_BYTES_PER_GC_BLOCK / sizeof(void *));
                }
            }
            #if MICROPY_GC_SPLIT_HEAP
            area = area->next;
            #else
            area = NULL;
            #endif
        }
    }
}

void __real_gc_collect(void);
void __real_gc_collect_end(void);

void __wrap_gc_collect(void) {
    // Nobody who is stopped may hold what the collector needs.
    mp_thread_recursive_mutex_lock(&MP_STATE_MEM(gc_mutex), 1);
    mp_thread_unix_begin_atomic_section();
    stop_others();
    others_are_stopped = true;
    __real_gc_collect();
    mp_thread_recursive_mutex_unlock(&MP_STATE_MEM(gc_mutex));
}

// All is marked. What follows is finalisers and the freeing.
void __wrap_gc_collect_end(void) {
    if (others_are_stopped) {
        mark_the_rest();
        others_are_stopped = false;
        continue_others();
        mp_thread_unix_end_atomic_section();
    }
    __real_gc_collect_end();
}

// ---- Threads ----

static void add_this(void) {
    mp_thread_unix_begin_atomic_section();
    here.thread = pthread_self();
    here.next = running;
    running = &here;
    mp_thread_unix_end_atomic_section();
}

void __real_mp_thread_init(void);
void __real_mp_thread_start(void);
void __real_mp_thread_finish(void);
void __real_mp_thread_deinit(void);

void __wrap_mp_thread_init(void) {
    __real_mp_thread_init();
    main_thread = pthread_self();
    sem_init(&stopped, 0, 0);
    struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SCAN_SIGNAL);
    sigaction(STOP_SIGNAL, &action, NULL);
    add_this();
    // Another thread may connect a device while this one waits already.
    waits_start();
}

void __wrap_mp_thread_start(void) {
    __real_mp_thread_start();
    add_this();
}

void __wrap_mp_thread_finish(void) {
    mp_thread_unix_begin_atomic_section();
    for (running_t **place = &running; *place != NULL; place = &(*place)->next) {
        if (*place == &here) {
            *place = here.next;
            break;
        }
    }
    mp_thread_unix_end_atomic_section();
    __real_mp_thread_finish();
}

// The script is over, and what other threads do is broken off. None of them may be collecting: it would keep the heap.
void __wrap_mp_thread_deinit(void) {
    mp_thread_recursive_mutex_lock(&MP_STATE_MEM(gc_mutex), 1);
    mp_thread_unix_begin_atomic_section();
    here.next = NULL;
    running = &here;
    mp_thread_unix_end_atomic_section();
    __real_mp_thread_deinit();
    mp_thread_recursive_mutex_unlock(&MP_STATE_MEM(gc_mutex));
}

// ---- The memory of mbedTLS ----

// MicroPython keeps a list of it that is nobody's in particular, so two threads would break it.

void *__real_m_tracked_calloc(size_t count, size_t size);
void __real_m_tracked_free(void *memory);

void *__wrap_m_tracked_calloc(size_t count, size_t size) {
    mp_thread_recursive_mutex_lock(&MP_STATE_MEM(gc_mutex), 1);
    void *memory = __real_m_tracked_calloc(count, size);
    mp_thread_recursive_mutex_unlock(&MP_STATE_MEM(gc_mutex));
    return memory;
}

void __wrap_m_tracked_free(void *memory) {
    mp_thread_recursive_mutex_lock(&MP_STATE_MEM(gc_mutex), 1);
    __real_m_tracked_free(memory);
    mp_thread_recursive_mutex_unlock(&MP_STATE_MEM(gc_mutex));
}
