// A lock, on firmware whose threads run at the same time. An interpreter lock makes it unnecessary.
#ifndef ALIYUN_IOT_BASE_LOCK_H
#define ALIYUN_IOT_BASE_LOCK_H

#include "base/runtime.h"

// It is held for the length of a call into the core or of a change of a list, never while Python code runs or the network
// is used.
typedef struct {
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_mutex_t mutex;
    #else
    byte unused;
    #endif
} lock_t;

// pico-sdk has a function `lock_init`.
static inline void lock_prepare(lock_t *lock) {
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_mutex_init(&lock->mutex);
    #else
    (void)lock;
    #endif
}

static inline void lock_acquire(lock_t *lock) {
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_mutex_lock(&lock->mutex, 1);
    #else
    (void)lock;
    #endif
}

static inline void lock_release(lock_t *lock) {
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_mutex_unlock(&lock->mutex);
    #else
    (void)lock;
    #endif
}

// Executes a statement with the lock held. The statement must not raise, nor leave it.
#define LOCKED(lock, ...) \
    do { \
        lock_acquire(lock); \
        __VA_ARGS__; \
        lock_release(lock); \
    } while (0)

#endif
