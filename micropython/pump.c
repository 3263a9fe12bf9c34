// The pump: what makes a device go on. It runs from the scheduler when the port's wake-up says so, and from the methods.

#include "device.h"
#include "store.h"

// Bounds what one run takes from a server that never stops sending, so that the script gets its turn.
#define READS_PER_RUN (32)
// How soon to look again when something was in the way.
#define PUT_OFF_MS (2)
// And when Ctrl-C was: the main program has its turn to end, or to say what it wants.
#define INTERRUPTED_MS (100)

// ---- Who drives ----

static bool try_drive(device_obj_t *self) {
    bool held = runtime_interrupts_hold();
    void *me = runtime_thread();
    device_lock(self);
    bool mine = !self->driven;
    if (mine) {
        self->driven = true;
        self->driver = me;
        self->driver_held = held;
    }
    device_unlock(self);
    if (!mine) {
        runtime_interrupts_restore(held);
    }
    return mine;
}

bool device_drive(device_obj_t *self) {
    while (!try_drive(self)) {
        if (self->driver == runtime_thread()) {
            return false;
        }
        mp_hal_delay_ms(1);
    }
    return true;
}

// With the lock held, where there is one.
static void stop_driving(device_obj_t *self) {
    self->driver = NULL;
    self->driven = false;
}

// Lets go without sending, after an exception.
static void give_up_driving(device_obj_t *self) {
    if (self->driven && self->driver == runtime_thread()) {
        bool held = self->driver_held;
        device_lock(self);
        stop_driving(self);
        device_unlock(self);
        runtime_interrupts_restore(held);
    }
}

// Sends until nothing waits or the link takes no more, and stops driving in the same moment: what other threads queue is
// either seen here, or sent by themselves.
static void send(device_obj_t *self) {
    for (;;) {
        device_lock(self);
        aliyun_iot_bytes packet = aliyun_iot_to_send(self->core);
        if (packet.len == 0) {
            stop_driving(self);
        }
        device_unlock(self);
        if (packet.len == 0) {
            return;
        }
        mp_int_t taken = link_write(self, packet.data, packet.len);
        device_lock(self);
        if (taken > 0) {
            aliyun_iot_sent(self->core, taken, port_ticks_ms());
        } else {
            stop_driving(self);
        }
        device_unlock(self);
        if (taken <= 0) {
            return;
        }
    }
}

void device_let_go(device_obj_t *self) {
    bool held = self->driver_held;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        send(self);
        nlr_pop();
        runtime_interrupts_restore(held);
    } else {
        give_up_driving(self);
        nlr_jump(nlr.ret_val);
    }
}

void device_send(device_obj_t *self) {
    if (try_drive(self)) {
        device_let_go(self);
    }
}

// ---- The pump ----

static bool next_event(device_obj_t *self, aliyun_iot_event *event) {
    device_lock(self);
    bool told = aliyun_iot_poll(self->core, event, port_ticks_ms());
    device_unlock(self);
    return told;
}

// Tells an event. What it raises, for want of memory say, is printed, and the others are told all the same.
static void tell(device_obj_t *self, const aliyun_iot_event *event) {
    asked_t asked = self->answers.asked;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        device_tell(self, event);
        nlr_pop();
    } else {
        answers_failed(self, &asked);
        callback_print_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

// Whether to go on: Ctrl-C goes first, and what no callback can be called for stays where it is, unacknowledged.
static bool goes_on(device_obj_t *self) {
    callbacks_call_waiting(self);
    return !callbacks_are_held_up(self) && try_drive(self);
}

// False if something else goes first: Ctrl-C, another thread that drives.
static bool run(device_obj_t *self) {
    for (int reads = 0; reads < READS_PER_RUN; reads++) {
        if (!goes_on(self)) {
            return false;
        }
        self->pump_again = false;
        link_follow(self);
        bool any = link_read(self);
        aliyun_iot_event event;
        while (next_event(self, &event)) {
            any = true;
            // Callbacks are no part of driving: they may take long, and queue messages themselves.
            device_let_go(self);
            tell(self, &event);
            if (!goes_on(self)) {
                return false;
            }
        }
        // The core may have given the link up, or want another one.
        link_follow(self);
        device_let_go(self);
        if (!any && !self->pump_again) {
            // What has come in time is told by now.
            replies_give_up_overdue(self);
            return true;
        }
    }
    // What is left may lie in TLS or in lwIP, where nothing that arrives later tells of it.
    self->pump_again = true;
    return true;
}

static void put_off_for(device_obj_t *self, uint32_t ms) {
    self->pump_again = true;
    device_lock(self);
    if (!self->pumping && self->wake != NULL) {
        port_wake_arm(self->wake, -1, false, ms);
    }
    device_unlock(self);
}

static void put_off(device_obj_t *self) {
    if (!runtime_is_interrupted()) {
        put_off_for(self, PUT_OFF_MS);
        return;
    }
    self->rests_until = port_ticks_ms() + INTERRUPTED_MS;
    put_off_for(self, INTERRUPTED_MS);
}

// A run with Ctrl-C held back but for callbacks. What comes out is Ctrl-C, or a heap without room for an exception.
static bool run_held(device_obj_t *self) {
    bool held = runtime_interrupts_hold();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        bool done = run(self);
        nlr_pop();
        runtime_interrupts_restore(held);
        return done;
    }
    give_up_driving(self);
    runtime_interrupts_restore(held);
    nlr_jump(nlr.ret_val);
}

// False if it runs already.
static bool begin_pumping(device_obj_t *self) {
    void *me = runtime_thread();
    device_lock(self);
    bool idle = !self->pumping;
    if (idle) {
        self->pumping = true;
        self->pump_thread = me;
    }
    device_unlock(self);
    return idle;
}

static void end_pumping(device_obj_t *self) {
    device_lock(self);
    self->pumping = false;
    device_unlock(self);
}

bool device_pumps_here(device_obj_t *self) {
    void *me = runtime_thread();
    device_lock(self);
    bool here = self->pumping && self->pump_thread == me;
    device_unlock(self);
    return here;
}

void device_pump(device_obj_t *self) {
    if (self->core == NULL) {
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
            device_arm(self);
        } else {
            put_off(self);
        }
    } else {
        end_pumping(self);
        put_off(self);
        nlr_jump(nlr.ret_val);
    }
}

void device_pump_woken(device_obj_t *self) {
    // A time that is long past is no rest, whichever way the clock has wrapped.
    uint32_t left = self->rests_until - port_ticks_ms();
    if (left > 0 && left <= INTERRUPTED_MS) {
        put_off_for(self, left);
    } else {
        device_pump(self);
    }
}

void device_pump_within(device_obj_t *self) {
    if (!gc_is_locked()) {
        run_held(self);
    }
}

// With the lock held.
static uint32_t due_in(device_obj_t *self) {
    uint32_t now = port_ticks_ms();
    uint32_t core = aliyun_iot_poll_in(self->core, now), replies = replies_due_in(self, now);
    return core < replies ? core : replies;
}

uint32_t device_due_in(device_obj_t *self) {
    device_lock(self);
    uint32_t ms = due_in(self);
    device_unlock(self);
    return ms;
}

void device_arm(device_obj_t *self) {
    device_lock(self);
    // A pump that runs does so at its end; before, it would be scheduled in vain.
    if (!self->pumping && self->wake != NULL) {
        port_wake_arm(self->wake, self->link.fd, link_wants_write(self), self->pump_again ? 0 : due_in(self));
    }
    device_unlock(self);
}
