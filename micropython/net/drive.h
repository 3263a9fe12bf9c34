// Who drives a device: one thread at a time reads, writes and reports to the core what became of the links, so that the
// send buffer does not move under a write. Other threads may queue messages meanwhile.
#ifndef ALIYUN_IOT_NET_DRIVE_H
#define ALIYUN_IOT_NET_DRIVE_H

#include "net/link.h"

typedef struct {
    core_t *core;
    link_t *links; // ALIYUN_IOT_LINKS of them
    bool driven;
    bool held;    // whether Ctrl-C was held back before
    void *thread; // which thread drives
} drive_t;

// Drives, unless a thread does so already.
bool drive_try(drive_t *self);
// Drives, as soon as no other thread does; false if it is this thread that drives.
bool drive_acquire(drive_t *self);
// Sends what waits and stops driving, in such a way that nothing is left that another thread has queued meanwhile.
void drive_release(drive_t *self);
// Stops driving without sending, after an exception.
void drive_abandon(drive_t *self);
// Sends what waits. If another thread drives, that thread does so.
void drive_send(drive_t *self);
// Makes the send buffer larger by `more` bytes for a message of `method`. Returns whether the call is worth trying again; if
// not, `*status` is why. Raises ValueError if memory is short.
bool drive_grow(drive_t *self, const char *method, size_t more, int32_t *status);
// Makes the send buffer large enough if `*status` is that it is too small; whether the call is worth trying again.
bool drive_grow_if_needed(drive_t *self, const char *method, int32_t *status);
// Whether the wake-up has to wait until a socket can be written.
bool drive_wants_write(const drive_t *self);
// Whether it is this thread that drives.
bool drive_is_here(const drive_t *self);

#endif
