// The pump: what makes a device go on. It runs from the scheduler when the port's wake-up says so, and from the methods.
#ifndef ALIYUN_IOT_NET_PUMP_H
#define ALIYUN_IOT_NET_PUMP_H

#include "base/callbacks.h"
#include "base/port.h"
#include "net/drive.h"

// What the layers above do when the pump calls them, with the `owner` that they gave.
typedef struct {
    // Handles an event of the core. Raises nothing but KeyboardInterrupt.
    void (*on_event)(void *owner, const aliyun_iot_event *event);
} pump_client_t;

typedef struct {
    const pump_client_t *client;
    void *owner;
    core_t *core;
    link_t *links; // ALIYUN_IOT_LINKS of them
    drive_t *drive;
    callbacks_t *callbacks;
    port_wake_t *wake; // NULL while the device is off
    void *thread;      // which thread pumps
    bool running;
    bool again;        // whether there is something to do at once
    bool interrupted;  // Ctrl-C has stopped it, and is to come to the main program
    uint32_t rests_until; // after that: until then the main program has its turn
} pump_t;

// Sends and receives all there is, calls callbacks, and arms the wake-up for the rest. Raises nothing but
// KeyboardInterrupt. If another run, another thread that drives or a locked heap is in the way, it is put off.
void pump_run(pump_t *self);
// The same from a wake-up, but not while the device rests after Ctrl-C: MicroPython's queue may hold one more wake-up that
// was scheduled before.
void pump_run_woken(pump_t *self);
// The same from within a callback of the thread that pumps: ends the event that the callback was called for, and calls
// the callbacks of others.
void pump_run_within(pump_t *self);
// Whether it is this thread that pumps: called from a callback, that is.
bool pump_is_here(pump_t *self);
// In how many milliseconds the pump has to run; UINT32_MAX for never.
uint32_t pump_due_in(pump_t *self);
// Arms the wake-up for what the pump waits for.
void pump_arm(pump_t *self);
// Has the pump run at once from the scheduler.
void pump_schedule(pump_t *self);
// No more wake-ups.
void pump_stop(pump_t *self);

#endif
