// Who may use the store: one thread and one program at a time.
#ifndef ALIYUN_IOT_STORE_LOCK_H
#define ALIYUN_IOT_STORE_LOCK_H

#include "base/runtime.h"

typedef struct {
    bool interrupts; // whether Ctrl-C was held back before
    int file;
} store_lock_t;

// Waits until no other thread uses the store and no other program writes it, or reads it if `write` is set; Ctrl-C ends the
// wait. Raises OSError if others have it for too long, or if this thread itself uses the store already.
void store_lock(store_lock_t *lock, bool write);
void store_unlock(const store_lock_t *lock);
// Whether this thread uses the store.
bool store_is_used_here(void);

#endif
