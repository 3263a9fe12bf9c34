// `_thread` for boards whose family can switch stacks: what MicroPython's py/mpthread.h asks of a port.
//
// One thread runs at a time, and it is never interrupted by another. Others get their turn where it waits for an event, for
// a mutex or for its end, and after so many jumps of its bytecode. So no C code is ever left half done, as with an
// interpreter lock; yet MicroPython is built without that lock, since then it runs callbacks in the main thread alone.
#ifndef ALIYUN_IOT_QEMU_THREADS_H
#define ALIYUN_IOT_QEMU_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct _mp_state_thread_t;

typedef struct {
    bool locked;
} mp_thread_mutex_t;

typedef struct _thread_t {
    void *sp;                        // while another one runs
    uint32_t *stack;                 // NULL in the main thread
    uint32_t *top;
    void *(*entry)(void *);
    void *arg;
    struct _mp_state_thread_t *state;
    struct _thread_t *next;          // all of them, in a ring
    mp_thread_mutex_t *mutex;        // it waits for this one
    bool ended;
    bool waits;                      // for an event after those that it has seen, or for the time
    uint32_t seen;
    uint64_t until_us;
} thread_t;

typedef struct {
    mp_thread_mutex_t mutex;
    thread_t *owner;
    size_t depth;
} mp_thread_recursive_mutex_t;

extern thread_t *thread_now;
// Whether there are others than the main thread.
extern bool threads_many;

static inline struct _mp_state_thread_t *mp_thread_get_state(void) {
    return thread_now->state;
}

static inline void mp_thread_set_state(struct _mp_state_thread_t *state) {
    thread_now->state = state;
}

// The bytecode has jumped.
void threads_jumped(void);
// What the collector finds through the threads.
void threads_collect(void);
// A soft reset: the main thread is left.
void threads_end(void);

// ---- In the family's folder ----

// A stack that threads_switch() can change to, where a function begins then that never returns.
void *threads_first_sp(uint32_t *top, void (*begin)(void));
// Stores the stack pointer, and goes on where another one was stored.
void threads_switch(void **store, void *sp);
// Whether an interrupt is being handled.
bool board_interrupts(void);

#endif
