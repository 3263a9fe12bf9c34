// The pump: what makes a device go on. It runs from the scheduler when the port's wake-up says so, and from the methods.

#include "device.h"
#include "py/gc.h"
#include "py/runtime.h"

// Bounds what one run takes from a server that never stops sending, so that the script gets its turn.
#define READS_PER_RUN (32)

void device_send(device_obj_t *self) {
    // A write lets other threads run; what they queue meanwhile is sent by the loop of the first.
    if (self->sending || self->core == NULL) {
        return;
    }
    self->sending = true;
    for (;;) {
        aliyun_iot_bytes packet = aliyun_iot_to_send(self->core);
        if (packet.len == 0) {
            break;
        }
        mp_int_t taken = link_write(self, packet.data, packet.len);
        if (taken <= 0) {
            break;
        }
        aliyun_iot_sent(self->core, taken, port_ticks_ms());
    }
    self->sending = false;
}

// Tells all events that are there; true if there was one.
static bool tell_all(device_obj_t *self) {
    aliyun_iot_event event;
    bool any = false;
    while (aliyun_iot_poll(self->core, &event, port_ticks_ms())) {
        device_tell(self, &event);
        device_send(self);
        any = true;
    }
    return any;
}

static void run(device_obj_t *self) {
    for (int reads = 0; reads < READS_PER_RUN; reads++) {
        link_follow(self);
        bool came = link_read(self);
        bool told = tell_all(self);
        device_send(self);
        if (!came && !told && !self->pump_again) {
            break;
        }
        self->pump_again = false;
    }
    // The core may have given the link up since it was followed.
    link_follow(self);
}

void device_pump(device_obj_t *self) {
    if (self->core == NULL) {
        return;
    }
    if (self->pumping || gc_is_locked()) {
        // From within a callback, or where nothing can be handed to one: the run under way, or the next wake-up, goes on.
        self->pump_again = true;
        if (!self->pumping && self->wake != NULL) {
            port_wake_arm(self->wake, -1, false, 5);
        }
        return;
    }
    self->pumping = true;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        run(self);
        nlr_pop();
    } else {
        self->pumping = false;
        self->sending = false;
        if (self->wake != NULL) {
            port_wake_arm(self->wake, self->link.fd, false, 10);
        }
        nlr_jump(nlr.ret_val);
    }
    self->pumping = false;
    device_arm(self);
}

void device_arm(device_obj_t *self) {
    if (self->wake == NULL) {
        return;
    }
    uint32_t ms = self->pump_again ? 0 : aliyun_iot_poll_in(self->core, port_ticks_ms());
    self->pump_again = false;
    port_wake_arm(self->wake, self->link.fd, link_wants_write(self), ms);
}
