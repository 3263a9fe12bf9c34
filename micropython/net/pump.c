// The pump: what makes a device go on. It runs from the scheduler when the port's wake-up says so, and from the methods.

#include "net/pump.h"
#include "store/lock.h"

// Bounds what one run takes from a server that never stops sending, so that the script gets its turn.
#define READS_PER_RUN (32)
// How soon to look again when something was in the way.
#define PUT_OFF_MS (2)
// How long to rest when Ctrl-C was, once it has come: the main program has its turn to end, or to say what it wants.
#define REST_MS (100)

_Static_assert(PORT_WATCHES == ALIYUN_IOT_LINKS, "a wake-up watches a socket for each link");

static bool next_event(pump_t *self, aliyun_iot_event *event) {
    bool any;
    CORE_LOCKED(self->core, any = aliyun_iot_poll(self->core->device, event, port_ticks_ms()));
    return any;
}

// Whether to go on: Ctrl-C goes first, and what no callback can be called for stays where it is, unacknowledged.
static bool goes_on(pump_t *self) {
    callbacks_call_waiting(self->callbacks);
    return !callbacks_are_held_up(self->callbacks) && drive_try(self->drive);
}

// Another thread may set `again` meanwhile.
static void follow(pump_t *self) {
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        if (link_follow(&self->links[i])) {
            self->again = true;
        }
    }
}

// True if something came.
static bool read_all(pump_t *self, bool again) {
    bool any = false;
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        any = link_read(&self->links[i], again) || any;
    }
    return any;
}

// False if something else goes first: Ctrl-C, another thread that drives.
static bool run(pump_t *self) {
    for (int reads = 0; reads < READS_PER_RUN; reads++) {
        if (!goes_on(self)) {
            return false;
        }
        self->again = false;
        follow(self);
        bool any = read_all(self, reads > 0);
        aliyun_iot_event event;
        while (next_event(self, &event)) {
            any = true;
            // Callbacks are no part of driving: they may take long, and queue messages themselves.
            drive_release(self->drive);
            self->client->on_event(self->owner, &event);
            if (!goes_on(self)) {
                return false;
            }
        }
        // The core may have given the link up, or want another one.
        follow(self);
        drive_release(self->drive);
        if (!any && !self->again) {
            return true;
        }
    }
    // What is left may lie in TLS or in lwIP, and then nothing wakes the device for it.
    self->again = true;
    return true;
}

// With the lock held. A pump that runs arms the wake-up at its end; before, it would be woken in vain.
static void arm(pump_t *self, const port_watch_t *watches, uint32_t ms) {
    if (!self->running && self->wake != NULL) {
        port_wake_arm(self->wake, watches, ms);
    }
}

static void put_off_for(pump_t *self, uint32_t ms) {
    self->again = true;
    CORE_LOCKED(self->core, arm(self, NULL, ms));
}

static void put_off(pump_t *self) {
    if (runtime_is_interrupted()) {
        self->interrupted = true;
    }
    put_off_for(self, PUT_OFF_MS);
}

// A run with Ctrl-C held back but for callbacks. What comes out is Ctrl-C, or a heap without room for an exception.
static bool run_held(pump_t *self) {
    bool held = runtime_interrupts_hold();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        bool done = run(self);
        nlr_pop();
        runtime_interrupts_restore(held);
        return done;
    }
    drive_abandon(self->drive);
    runtime_interrupts_restore(held);
    nlr_jump(nlr.ret_val);
}

// False if it runs already.
static bool begin_pumping(pump_t *self) {
    void *me = runtime_thread();
    lock_acquire(&self->core->lock);
    bool idle = !self->running;
    if (idle) {
        self->running = true;
        self->thread = me;
    }
    lock_release(&self->core->lock);
    return idle;
}

static void end_pumping(pump_t *self) {
    CORE_LOCKED(self->core, self->running = false);
}

bool pump_is_here(pump_t *self) {
    void *me = runtime_thread();
    bool here;
    CORE_LOCKED(self->core, here = self->running && self->thread == me);
    return here;
}

void pump_run(pump_t *self) {
    if (self->core->device == NULL) {
        return;
    }
    // Callbacks may want the store, which has to be as it was for what they interrupt.
    if (gc_is_locked() || store_is_used_here() || !begin_pumping(self)) {
        put_off(self);
        return;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        bool done = run_held(self);
        nlr_pop();
        end_pumping(self);
        if (done) {
            pump_arm(self);
        } else {
            put_off(self);
        }
    } else {
        end_pumping(self);
        put_off(self);
        nlr_jump(nlr.ret_val);
    }
}

void pump_run_woken(pump_t *self) {
    uint32_t now = port_ticks_ms();
    if (self->interrupted && !runtime_is_interrupted()) {
        self->interrupted = false;
        self->rests_until = now + REST_MS;
    }
    // A time that is long past is no rest, whichever way the clock has wrapped.
    uint32_t left = self->rests_until - now;
    if (left > 0 && left <= REST_MS) {
        put_off_for(self, left);
    } else {
        pump_run(self);
    }
}

void pump_run_within(pump_t *self) {
    if (!gc_is_locked()) {
        run_held(self);
    }
}

// With the lock held.
static uint32_t due_in(pump_t *self) {
    return aliyun_iot_poll_in(self->core->device, port_ticks_ms());
}

uint32_t pump_due_in(pump_t *self) {
    uint32_t ms = UINT32_MAX;
    if (self->core->device != NULL) {
        CORE_LOCKED(self->core, ms = due_in(self));
    }
    return ms;
}

void pump_arm(pump_t *self) {
    if (self->core->device == NULL) {
        return;
    }
    port_watch_t watches[PORT_WATCHES];
    lock_acquire(&self->core->lock);
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        const link_t *link = &self->links[i];
        watches[i].socket = link->socket;
        watches[i].fd = link->fd;
        watches[i].write = link_wants_write(link);
    }
    arm(self, watches, self->again ? 0 : due_in(self));
    lock_release(&self->core->lock);
}

void pump_schedule(pump_t *self) {
    self->again = true;
    pump_arm(self);
}

void pump_stop(pump_t *self) {
    port_wake_t *wake;
    // Another thread may be about to arm it.
    CORE_LOCKED(self->core, wake = self->wake; self->wake = NULL);
    if (wake != NULL) {
        port_wake_free(wake);
    }
}
