// Which callback waits for which reply? The core knows how long.

#include "base/list.h"
#include "device/replies.h"
#include "generated/device_errors.h"

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

void replies_add(replies_t *self, reply_t *reply, reply_kind_t kind, uint32_t id) {
    if (reply == NULL) {
        return;
    }
    reply->kind = kind;
    reply->id = id;
    LIST_APPEND(reply_t, &self->waiting, reply);
}

// With the lock held: takes out the reply that stands here; NULL if this is the end of the list.
static reply_t *take_out(reply_t **place) {
    reply_t *reply = *place;
    if (reply != NULL) {
        *place = reply->next;
    }
    return reply;
}

// Takes out the first one that waits for this; NULL if none does.
static reply_t *take(replies_t *self, reply_kind_t kind, uint32_t id) {
    lock_acquire(&self->core->lock);
    reply_t **place = &self->waiting;
    LIST_SEEK(place, !(*place)->is_given_up && (*place)->kind == kind && (*place)->id == id);
    reply_t *reply = take_out(place);
    lock_release(&self->core->lock);
    return reply;
}

static void call(replies_t *self, const reply_t *reply, int code, mp_obj_t message, mp_obj_t data) {
    mp_obj_t argument = mp_obj_new_dict(3);
    runtime_set(argument, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(code));
    runtime_set(argument, MP_QSTR_message, message);
    if (data != MP_OBJ_NULL) {
        runtime_set(argument, MP_QSTR_data, data);
    }
    callback_call(self->callbacks, reply->method, reply->callback, argument);
}

bool replies_call(replies_t *self, reply_kind_t kind, uint32_t id, int code, aliyun_iot_bytes message, mp_obj_t data) {
    reply_t *reply = take(self, kind, id);
    if (reply == NULL) {
        return false;
    }
    call(self, reply, code, message.data == NULL ? MP_OBJ_NEW_QSTR(MP_QSTR_) : runtime_text(message), data);
    return true;
}

void replies_fail(replies_t *self, reply_kind_t kind, uint32_t id, int code, mp_obj_t why) {
    reply_t *reply = take(self, kind, id);
    if (reply != NULL) {
        call(self, reply, code, why, MP_OBJ_NULL);
    }
}

static const char link_ended[] = "the connection ended before the reply";

void replies_fail_request(replies_t *self, uint32_t id, int32_t cause) {
    bool overdue = cause == ALIYUN_IOT_NO_REPLY_OVERDUE;
    replies_fail(self, REPLY_POST, id, overdue ? ERROR_TIMEOUT : ERROR_LINK,
        runtime_words(overdue ? "no reply within 10 seconds" : link_ended));
}

// Takes out the next one that was given up.
static reply_t *take_given_up(replies_t *self) {
    lock_acquire(&self->core->lock);
    reply_t **place = &self->waiting;
    LIST_SEEK(place, (*place)->is_given_up);
    reply_t *reply = take_out(place);
    lock_release(&self->core->lock);
    return reply;
}

void replies_give_up(replies_t *self) {
    // All are chosen at once, since the callbacks may post again. Each stays in the queue until its turn: the collector may
    // have come as far as any of them.
    lock_acquire(&self->core->lock);
    for (reply_t *reply = self->waiting; reply != NULL; reply = reply->next) {
        reply->is_given_up = true;
    }
    lock_release(&self->core->lock);
    reply_t *reply;
    while ((reply = take_given_up(self)) != NULL) {
        // If there is no memory for one, the others are called all the same.
        nlr_buf_t nlr;
        if (nlr_push(&nlr) == 0) {
            call(self, reply, ERROR_LINK, runtime_words(link_ended), MP_OBJ_NULL);
            nlr_pop();
        } else {
            callback_print_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
        }
    }
}
