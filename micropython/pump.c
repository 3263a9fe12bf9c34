// The pump: what makes a device go on. It runs from the scheduler when the port's wake-up says so, and from the methods.

#include "device.h"

// Bounds what one run takes from a server that never stops sending, so that the script gets its turn.
#define READS_PER_RUN (32)
// How soon to look again when something was in the way.
#define PUT_OFF_MS (2)

static void send(device_obj_t *self) {
    // A write lets other threads run. What they queue meanwhile is sent by the loop of the first; and as long as it is in
    // the write, nothing may move in the send buffer: see device_pump and device_grow.
    device_lock(self);
    bool mine = !self->sending;
    self->sending = true;
    device_unlock(self);
    if (!mine) {
        return;
    }
    for (;;) {
        device_lock(self);
        aliyun_iot_bytes packet = aliyun_iot_to_send(self->core);
        self->sending = packet.len > 0;
        device_unlock(self);
        if (packet.len == 0) {
            return;
        }
        mp_int_t taken = link_write(self, packet.data, packet.len);
        device_lock(self);
        if (taken > 0) {
            aliyun_iot_sent(self->core, taken, port_ticks_ms());
        } else {
            self->sending = false;
        }
        device_unlock(self);
        if (taken <= 0) {
            return;
        }
    }
}

void device_send(device_obj_t *self) {
    bool held = runtime_interrupts_hold();
    self->pump_thread = runtime_thread();
    send(self);
    runtime_interrupts_restore(held);
}

// Tells all events that are there; true if there was one.
static bool tell_all(device_obj_t *self) {
    bool any = false;
    for (;;) {
        aliyun_iot_event event;
        device_lock(self);
        bool told = aliyun_iot_poll(self->core, &event, port_ticks_ms());
        device_unlock(self);
        if (!told) {
            return any;
        }
        device_tell(self, &event);
        device_send(self);
        any = true;
    }
}

static void run(device_obj_t *self) {
    for (int reads = 0; reads < READS_PER_RUN; reads++) {
        self->pump_again = false;
        link_follow(self);
        bool came = link_read(self);
        bool told = tell_all(self);
        device_send(self);
        // The core may have given the link up, or want another one.
        link_follow(self);
        if (!came && !told && !self->pump_again) {
            // What has come in time is told by now.
            replies_give_up_overdue(self);
            return;
        }
    }
    // What is left may lie in TLS or in lwIP, where nothing that arrives later tells of it.
    self->pump_again = true;
}

static void put_off(device_obj_t *self) {
    self->pump_again = true;
    if (!self->pumping && self->wake != NULL) {
        port_wake_arm(self->wake, -1, false, PUT_OFF_MS);
    }
}

void device_pump(device_obj_t *self) {
    if (self->core == NULL) {
        return;
    }
    device_lock(self);
    bool clear = !self->pumping && !self->sending && !gc_is_locked();
    if (clear) {
        self->pumping = true;
    }
    device_unlock(self);
    if (!clear) {
        put_off(self);
        return;
    }
    bool held = runtime_interrupts_hold();
    self->pump_thread = runtime_thread();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        run(self);
        nlr_pop();
        self->pumping = false;
        device_arm(self);
        runtime_interrupts_restore(held);
    } else {
        self->pumping = false;
        self->sending = false;
        put_off(self);
        runtime_interrupts_restore(held);
        nlr_jump(nlr.ret_val);
    }
}

void device_pump_within(device_obj_t *self) {
    if (self->sending || gc_is_locked()) {
        return;
    }
    bool held = runtime_interrupts_hold();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        run(self);
        nlr_pop();
        runtime_interrupts_restore(held);
    } else {
        runtime_interrupts_restore(held);
        nlr_jump(nlr.ret_val);
    }
}

uint32_t device_due_in(device_obj_t *self) {
    uint32_t now = port_ticks_ms();
    device_lock(self);
    uint32_t core = aliyun_iot_poll_in(self->core, now), replies = replies_due_in(self, now);
    device_unlock(self);
    return core < replies ? core : replies;
}

void device_arm(device_obj_t *self) {
    if (self->wake == NULL) {
        return;
    }
    uint32_t ms = self->pump_again ? 0 : device_due_in(self);
    port_wake_arm(self->wake, self->link.fd, link_wants_write(self), ms);
}
