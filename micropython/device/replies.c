// Callbacks of posts and publishes: each is called once, with what became of its message.

#include <string.h>

#include "base/port.h"
#include "device/replies.h"
#include "generated/device_errors.h"

// How long the platform has to reply to a post. A publish is sent until it is acknowledged.
#define WAIT_MS (10000)

static bool waits_for_ever(const reply_t *reply) {
    return reply->kind == REPLY_PUBLISH;
}

static bool is_overdue(const reply_t *reply, uint32_t now_ms) {
    return !reply->is_given_up && !waits_for_ever(reply) && now_ms - reply->since_ms >= WAIT_MS;
}

reply_t *replies_new(const char *method, mp_obj_t callback) {
    callback = callback_or_null(method, callback);
    if (callback == MP_OBJ_NULL) {
        return NULL;
    }
    reply_t *reply = m_new(reply_t, 1);
    reply->next = NULL;
    reply->method = method;
    reply->callback = callback;
    reply->is_given_up = false;
    return reply;
}

void replies_add(replies_t *self, reply_t *reply, reply_kind_t kind, uint32_t number) {
    if (kind == REPLY_RAW) {
        // Their replies say nothing of which post they are for: every post takes its place.
        uint32_t now = port_ticks_ms();
        number = now - self->raw_unheard_ms < WAIT_MS ? self->raw_unheard : 0;
        self->raw_unheard = reply == NULL ? number + 1 : 0;
        self->raw_unheard_ms = now;
    }
    if (reply == NULL) {
        return;
    }
    reply->kind = kind;
    reply->number = number;
    reply->since_ms = port_ticks_ms();
    reply_t **place = &self->waiting;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    *place = reply;
}

static void call_back(replies_t *self, const reply_t *reply, int code, mp_obj_t message, mp_obj_t data) {
    mp_obj_t argument = mp_obj_new_dict(3);
    runtime_set(argument, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(code));
    runtime_set(argument, MP_QSTR_message, message);
    if (data != MP_OBJ_NULL) {
        runtime_set(argument, MP_QSTR_data, data);
    }
    callback_call(self->callbacks, reply->method, reply->callback, argument);
}

// One of several: if there is no memory to tell it what has happened, the others are told all the same.
static void call_back_without(replies_t *self, const reply_t *reply, int code, const char *why) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        call_back(self, reply, code, runtime_words(why), MP_OBJ_NULL);
        nlr_pop();
    } else {
        callback_print_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

// Takes one out, if it is there.
static reply_t *take_out(reply_t **place) {
    reply_t *reply = *place;
    if (reply != NULL) {
        *place = reply->next;
    }
    return reply;
}

// Takes out the first one that waits for this; NULL if none does.
static reply_t *take(replies_t *self, reply_kind_t kind, uint32_t number) {
    lock_acquire(&self->core->lock);
    reply_t **place = &self->waiting;
    while (*place != NULL && ((*place)->is_given_up || (*place)->kind != kind || (*place)->number != number)) {
        place = &(*place)->next;
    }
    reply_t *reply = take_out(place);
    lock_release(&self->core->lock);
    return reply;
}

// Takes out the one that the next reply to raw data is for; NULL if that has no callback.
static reply_t *take_raw(replies_t *self) {
    lock_acquire(&self->core->lock);
    reply_t **place = &self->waiting;
    while (*place != NULL && ((*place)->kind != REPLY_RAW || (*place)->is_given_up)) {
        place = &(*place)->next;
    }
    uint32_t *before = *place == NULL ? &self->raw_unheard : &(*place)->number;
    reply_t *reply = NULL;
    if (*before > 0) {
        *before -= 1;
    } else {
        reply = take_out(place);
    }
    lock_release(&self->core->lock);
    return reply;
}

static reply_t *take_overdue(replies_t *self) {
    lock_acquire(&self->core->lock);
    // With the lock held: what another thread adds meanwhile would be younger than this.
    uint32_t now = port_ticks_ms();
    reply_t **place = &self->waiting;
    while (*place != NULL && !is_overdue(*place, now)) {
        place = &(*place)->next;
    }
    reply_t *reply = take_out(place);
    lock_release(&self->core->lock);
    return reply;
}

static reply_t *take_given_up(replies_t *self) {
    lock_acquire(&self->core->lock);
    reply_t **place = &self->waiting;
    while (*place != NULL && !(*place)->is_given_up) {
        place = &(*place)->next;
    }
    reply_t *reply = take_out(place);
    lock_release(&self->core->lock);
    return reply;
}

bool replies_tell(replies_t *self, reply_kind_t kind, uint32_t number, int32_t code, aliyun_iot_bytes data) {
    reply_t *reply = kind == REPLY_RAW ? take_raw(self) : take(self, kind, number);
    if (reply == NULL) {
        return false;
    }
    bool is_raw = kind == REPLY_RAW;
    mp_obj_t message = is_raw || data.data == NULL ? MP_OBJ_NEW_QSTR(MP_QSTR_) : runtime_text(data);
    call_back(self, reply, code, message, is_raw ? mp_obj_new_bytes(data.data, data.len) : MP_OBJ_NULL);
    return true;
}

void replies_tell_given_up(replies_t *self, uint32_t packet_id) {
    reply_t *reply = take(self, REPLY_PUBLISH, packet_id);
    if (reply != NULL) {
        call_back_without(self, reply, ERROR_GIVEN_UP, "given up: again and again the server closed the connection right after it");
    }
}

void replies_tell_dropped(replies_t *self, uint32_t needed) {
    reply_t *reply = take_raw(self);
    if (reply != NULL) {
        vstr_t why;
        vstr_init(&why, 64);
        vstr_printf(&why, "the reply was dropped: it needs rxBuffer %u", (unsigned)needed);
        call_back(self, reply, ERROR_OVERSIZE, mp_obj_new_str_from_vstr(&why), MP_OBJ_NULL);
    }
}

void replies_give_up_overdue(replies_t *self) {
    reply_t *reply;
    while ((reply = take_overdue(self)) != NULL) {
        call_back_without(self, reply, ERROR_TIMEOUT, "no reply within 10 seconds");
    }
}

void replies_give_up(replies_t *self, bool all) {
    // All are chosen at once, since the callbacks may post again. Each stays in the queue until its turn: the collector may
    // have come as far as any of them.
    lock_acquire(&self->core->lock);
    self->raw_unheard = 0;
    for (reply_t *reply = self->waiting; reply != NULL; reply = reply->next) {
        reply->is_given_up |= all || !waits_for_ever(reply);
    }
    lock_release(&self->core->lock);
    reply_t *reply;
    while ((reply = take_given_up(self)) != NULL) {
        call_back_without(self, reply, ERROR_LINK, "the connection ended before the reply");
    }
}

uint32_t replies_due_in(const replies_t *self, uint32_t now_ms) {
    for (const reply_t *reply = self->waiting; reply != NULL; reply = reply->next) {
        if (!reply->is_given_up && !waits_for_ever(reply)) {
            // They wait equally long: the first is the oldest.
            uint32_t waited = now_ms - reply->since_ms;
            return waited < WAIT_MS ? WAIT_MS - waited : 0;
        }
    }
    return UINT32_MAX;
}
