// Who drives, and sends?

#include "base/port.h"
#include "net/drive.h"

bool drive_try(drive_t *self) {
    bool held = runtime_interrupts_hold();
    void *me = runtime_thread();
    core_t *core = self->core;
    lock_acquire(&core->lock);
    bool mine = !self->driven;
    if (mine) {
        self->driven = true;
        self->thread = me;
        self->held = held;
    }
    lock_release(&core->lock);
    if (!mine) {
        runtime_interrupts_restore(held);
    }
    return mine;
}

bool drive_is_here(const drive_t *self) {
    return self->driven && self->thread == runtime_thread();
}

bool drive_acquire(drive_t *self) {
    while (!drive_try(self)) {
        if (self->thread == runtime_thread()) {
            return false;
        }
        mp_hal_delay_ms(1);
    }
    return true;
}

// With the lock held.
static void stop(drive_t *self) {
    self->thread = NULL;
    self->driven = false;
}

void drive_abandon(drive_t *self) {
    if (drive_is_here(self)) {
        bool held = self->held;
        CORE_LOCKED(self->core, stop(self));
        runtime_interrupts_restore(held);
    }
}

// With the lock held: the first link, of those that are not blocked, for which something waits; NULL if nothing does.
static link_t *next_to_send(drive_t *self, const bool *blocked, aliyun_iot_bytes *packet) {
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        if (!blocked[i] && aliyun_iot_to_send(self->core->device, i, packet)) {
            return &self->links[i];
        }
    }
    return NULL;
}

// Sends until nothing waits or the links accept no more, and stops driving in the same moment: what other threads queue is
// either seen here, or sent by themselves.
static void flush(drive_t *self) {
    core_t *core = self->core;
    bool blocked[ALIYUN_IOT_LINKS] = { false };
    for (;;) {
        lock_acquire(&core->lock);
        aliyun_iot_bytes packet;
        link_t *link = next_to_send(self, blocked, &packet);
        if (link == NULL) {
            stop(self);
        }
        lock_release(&core->lock);
        if (link == NULL) {
            return;
        }
        mp_int_t taken = link_write(link, packet.data, packet.len);
        if (taken > 0) {
            CORE_LOCKED(core, aliyun_iot_sent(core->device, link->id, taken, port_ticks_ms()));
        } else {
            blocked[link->id] = true;
        }
    }
}

bool drive_wants_write(const drive_t *self) {
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        if (link_wants_write(&self->links[i])) {
            return true;
        }
    }
    return false;
}

void drive_release(drive_t *self) {
    bool held = self->held;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        flush(self);
        nlr_pop();
        runtime_interrupts_restore(held);
    } else {
        drive_abandon(self);
        nlr_jump(nlr.ret_val);
    }
}

void drive_send(drive_t *self) {
    if (drive_try(self)) {
        drive_release(self);
    }
}

bool drive_grow(drive_t *self, const char *method, size_t more, int32_t *status) {
    // What waits in the old buffer needs its room besides.
    size_t needed = more + self->core->tx_size;
    byte *tx = gc_is_locked() ? NULL : m_new_maybe(byte, needed);
    if (tx == NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): no memory for a message of %u bytes"), method, (unsigned)needed);
    }
    if (!drive_acquire(self)) {
        *status = ALIYUN_IOT_STATUS_FULL;
        return false;
    }
    *status = core_set_tx(self->core, tx, needed);
    drive_release(self);
    return *status == ALIYUN_IOT_STATUS_OK;
}

bool drive_grow_if_needed(drive_t *self, const char *method, int32_t *status) {
    return *status == ALIYUN_IOT_STATUS_TOO_LARGE && drive_grow(self, method, core_error(self->core).needed, status);
}
