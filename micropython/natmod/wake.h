// A wake-up, as native modules have it.
#ifndef ALIYUN_IOT_NATMOD_WAKE_H
#define ALIYUN_IOT_NATMOD_WAKE_H

#include "base/port.h"
#include "base/runtime.h"

struct _port_wake_t {
    mp_obj_base_t base;
    port_wake_t *next; // in the state of the module
    mp_obj_t pump;     // what is called, with `device`
    mp_obj_t device;
    port_watch_t watches[PORT_WATCHES];

    // By callback and timer.
    mp_obj_t timer; // machine.Timer, or MP_OBJ_NULL

    // By a thread.
    mp_thread_mutex_t lock;
    mp_obj_t bell; // a datagram socket that talks to itself; MP_OBJ_NULL where there is no thread
    bool armed;
    bool due;       // the pump is scheduled, or is to be
    bool scheduled;
    bool freed;
    bool gated;               // the thread waits until the gate opens
    mp_thread_mutex_t gate;   // held but for the moment in which it opens
    const byte *stack;        // of the thread
    bool limited;   // whether there is a deadline
    uint32_t deadline;
    uint32_t signal_at;
    uint32_t repeat;
};

// Schedules the pump; false if MicroPython's queue is full.
bool wake_schedule(port_wake_t *wake);

// ---- watch.c ----

// Whether there are threads here, and sockets that have descriptors.
bool watch_is_possible(void);
// Starts the thread.
void watch_start(port_wake_t *wake);
// Has the thread look.
void watch_ring(port_wake_t *wake);
// Whether the caller runs on the stack of one of these threads.
bool watch_is_running(void);

// ---- interrupt.c ----

// Ends the main thread's wait, if this is a system where a native module can do that, and MicroPython goes on with the rest
// of it after callbacks.
void interrupt_wait(void);
// The last call of what the scheduler has called: Ctrl-C is held back no more, unless it was before (`held`). One that struck
// meanwhile comes later, as the scheduler would print it.
void interrupt_end_scheduled(bool held);

#endif
