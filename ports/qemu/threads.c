// Threads: which one runs next, and for what the others wait. threads.h says when they change.

#include "board.h"

#if BOARD_THREADS

#include "threads.h"
#include "py/gc.h"
#include "py/mperrno.h"
#include "py/mpthread.h"
#include "py/runtime.h"

#define STACK_SIZE (16 * 1024)
#define STACK_SIZE_MIN (4 * 1024)
// What a thread may use after it was told that its stack is full.
#define STACK_MARGIN (1024)
// So many jumps of the bytecode are a turn.
#define TURN (64)

static thread_t main_thread = {
    .state = &mp_state_ctx.thread, .next = &main_thread,
};
thread_t *thread_now = &main_thread;
bool threads_many;

// ---- Turns ----

static bool is_ready(const thread_t *thread, uint32_t events) {
    bool waits = thread->waits && thread->seen == events && thread->until_us > clock_us();
    return !thread->ended && thread->mutex == NULL && !waits;
}

static void remove(thread_t *thread) {
    thread_t *before = thread;
    while (before->next != thread) {
        before = before->next;
    }
    before->next = thread->next;
    threads_many = main_thread.next != &main_thread;
}

static void go_to(thread_t *thread) {
    thread_t *before = thread_now;
    if (before->ended) {
        // Its stack is nobody's from here on, and stays what it is until something is allocated.
        remove(before);
    }
    if (thread != before) {
        thread_now = thread;
        threads_switch(&before->sp, thread->sp);
    }
}

// Until the first of those that wait for a time is ready, or until an event.
static void sleep(uint32_t events) {
    uint64_t until_us = UINT64_MAX;
    thread_t *thread = thread_now;
    do {
        if (thread->waits && thread->until_us < until_us) {
            until_us = thread->until_us;
        }
        thread = thread->next;
    } while (thread != thread_now);
    uint64_t now_us = clock_us();
    int32_t ms = -1;
    if (until_us != UINT64_MAX) {
        uint64_t left_ms = until_us <= now_us ? 0 : (until_us - now_us + 999) / 1000;
        ms = left_ms < CLOCK_MS_MAX ? left_ms : CLOCK_MS_MAX;
    }
    board_sleep_until(events, ms);
}

// Others first, in the order of the ring; returns when it is this thread's turn again.
static void give_turn(void) {
    for (;;) {
        uint32_t events = board_events();
        thread_t *thread = thread_now;
        do {
            thread = thread->next;
            if (is_ready(thread, events)) {
                go_to(thread);
                return;
            }
        } while (thread != thread_now);
        sleep(events);
    }
}

static uint32_t jumps;

void threads_jumped(void) {
    static uint32_t events;
    // What an interrupt brings is mostly for a thread that waits. A callback that runs in an interrupt itself is no thread's.
    if ((++jumps >= TURN || events != board_events()) && !board_interrupts()) {
        jumps = 0;
        events = board_events();
        give_turn();
    }
}

void board_wait(int32_t timeout_ms) {
    thread_t *here = thread_now;
    here->until_us = timeout_ms < 0 ? UINT64_MAX : clock_us() + (uint64_t)timeout_ms * 1000;
    here->waits = true;
    give_turn();
    here->waits = false;
    // Whoever waits looks around now, after all that was before.
    here->seen = board_events();
}

// ---- Beginning and end ----

static void begin(void) {
    thread_now->entry(thread_now->arg);
    thread_now->ended = true;
    give_turn();
}

mp_uint_t mp_thread_create(void *(*entry)(void *), void *arg, size_t *stack_size) {
    size_t size = *stack_size == 0 ? STACK_SIZE : *stack_size < STACK_SIZE_MIN ? STACK_SIZE_MIN : *stack_size;
    thread_t *thread = m_new0(thread_t, 1);
    thread->stack = m_new(uint32_t, size / sizeof(uint32_t));
    thread->top = thread->stack + size / sizeof(uint32_t);
    thread->sp = threads_first_sp(thread->top, begin);
    thread->entry = entry;
    thread->arg = arg;
    thread->seen = board_events();
    thread->next = thread_now->next;
    thread_now->next = thread;
    threads_many = true;
    *stack_size = size - STACK_MARGIN;
    return (mp_uint_t)thread;
}

mp_uint_t mp_thread_get_id(void) {
    return (mp_uint_t)thread_now;
}

void mp_thread_start(void) {
}

void mp_thread_finish(void) {
}

// One that is in a collection, in a finaliser of Python's, holds the collector's mutex.
void threads_end(void) {
    mp_thread_recursive_mutex_lock(&MP_STATE_MEM(gc_mutex), 1);
    main_thread.next = &main_thread;
    threads_many = false;
    mp_thread_recursive_mutex_unlock(&MP_STATE_MEM(gc_mutex));
}

void threads_collect(void) {
    // A collection is as long as many turns.
    jumps = TURN;
    main_thread.top = (uint32_t *)MP_STATE_MAIN_THREAD(stack_top);
    thread_t *thread = thread_now;
    do {
        gc_collect_root((void **)&thread, 1);
        if (thread != thread_now) {
            gc_collect_root(thread->sp, thread->top - (uint32_t *)thread->sp);
        }
        thread = thread->next;
    } while (thread != thread_now);
}

// ---- Mutexes ----

void mp_thread_mutex_init(mp_thread_mutex_t *mutex) {
    mutex->locked = false;
}

int mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait) {
    if (!mutex->locked) {
        mutex->locked = true;
        return 1;
    }
    if (!wait) {
        return 0;
    }
    // It is unlocked for this thread, and stays locked.
    thread_now->mutex = mutex;
    give_turn();
    return 1;
}

void mp_thread_mutex_unlock(mp_thread_mutex_t *mutex) {
    for (thread_t *thread = thread_now->next; thread != thread_now; thread = thread->next) {
        if (thread->mutex == mutex) {
            thread->mutex = NULL;
            return;
        }
    }
    mutex->locked = false;
}

void mp_thread_recursive_mutex_init(mp_thread_recursive_mutex_t *mutex) {
    mp_thread_mutex_init(&mutex->mutex);
    mutex->owner = NULL;
    mutex->depth = 0;
}

int mp_thread_recursive_mutex_lock(mp_thread_recursive_mutex_t *mutex, int wait) {
    if (mutex->owner != thread_now) {
        if (!mp_thread_mutex_lock(&mutex->mutex, wait)) {
            return 0;
        }
        mutex->owner = thread_now;
    }
    mutex->depth++;
    return 1;
}

void mp_thread_recursive_mutex_unlock(mp_thread_recursive_mutex_t *mutex) {
    if (--mutex->depth == 0) {
        mutex->owner = NULL;
        mp_thread_mutex_unlock(&mutex->mutex);
    }
}

#endif
