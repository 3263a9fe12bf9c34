// What the files of this port share.
#ifndef ALIYUN_IOT_UNIX_THREADS_H
#define ALIYUN_IOT_UNIX_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- collector.c ----

// Whether this is the main thread, which alone runs the scheduler.
bool threads_is_main(void);
// Whether more than one thread runs Python.
bool threads_are_many(void);

// ---- port.c ----

// Devices that are connected, connecting or registering. Without the module there is no such function, and no device.
__attribute__((weak)) size_t port_devices(void);

static inline size_t threads_count_devices(void) {
    return port_devices == NULL ? 0 : port_devices();
}

// ---- waits.c ----

// Makes the bell, once; false if the system has no descriptor left.
bool waits_start(void);
// Ends the wait of the main thread, or the next one that it begins.
void waits_ring(void);

#endif
