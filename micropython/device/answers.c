// How the platform's requests are answered: by what their callbacks return, or by `reply`, then or later. The core keeps
// those that are answered later.

#include "base/args.h"
#include "base/list.h"
#include "device/answer.h"
#include "device/answers.h"
#include "generated/device_events.h"

// Digits of an id that becomes an int: those of 64 bits. The platform's own have up to 19.
#define DIGITS_MAX (20)
// Digits that always fit 32 bits.
#define DIGITS_OF_32_BITS (9)
// Bytes that an answer takes beside its data, at most.
#define ENVELOPE (512)
// Requests that the core keeps at a time.
#define REQUESTS_MAX (16)
// Bytes for them: with topics of usual length, all fit.
#define MEMORY_SIZE (2048)

// Of numbers and texts: runs no Python code.
static bool same(mp_obj_t a, mp_obj_t b) {
    return mp_binary_op(MP_BINARY_OP_EQUAL, a, b) == mp_const_true;
}

// With the lock held: whether the request whose callback runs has this id, and waits for its answer.
static bool is_asked(const asked_t *asked, mp_obj_t msg_id) {
    return asked->msg_id != MP_OBJ_NULL && !asked->is_answered && same(asked->msg_id, msg_id);
}

// ---- Requests that the core keeps ----

static int32_t send_reply(answers_t *self, const request_t *request, answer_t answer) {
    int32_t status;
    do {
        CORE_LOCKED(self->core, status = aliyun_iot_reply(self->core->device, request->handle, answer.code, answer.data));
    } while (drive_grow_if_needed(self->drive, "reply", &status));
    return status;
}

// Gives the core memory for requests, at least so many bytes.
static void provide_memory(answers_t *self, size_t needed) {
    // A core that was replaced has forgotten the memory.
    if (self->memory == NULL || needed > self->memory_size) {
        size_t size = needed > MEMORY_SIZE ? needed : MEMORY_SIZE;
        byte *memory = m_new(byte, size);
        self->memory = memory;
        self->memory_size = size;
        runtime_settle(memory);
    }
    aliyun_iot_buffer memory;
    memory.data = self->memory;
    memory.len = self->memory_size;
    CORE_LOCKED(self->core, aliyun_iot_keep_later(self->core->device, memory));
}

// Has the core keep the request in use; NULL if the link is lost, and the request with it.
static request_t *keep(answers_t *self, const asked_t *asked) {
    request_t *request = m_new(request_t, 1);
    request->next = NULL;
    request->msg_id = asked->msg_id;
    request->is_raw = asked->is_raw;
    for (;;) {
        int32_t status;
        CORE_LOCKED(self->core, status = aliyun_iot_answer_later(self->core->device, &request->handle));
        if (status != ALIYUN_IOT_STATUS_TOO_LARGE) {
            return status == ALIYUN_IOT_STATUS_OK ? request : NULL;
        }
        provide_memory(self, core_error(self->core).needed);
    }
}

// Puts a request into the queue. The core has given up the oldest one, if there are too many.
static void queue(answers_t *self, request_t *request) {
    // A collection under way may still look for the one after it, where it stood before.
    runtime_settle(request);
    lock_acquire(&self->core->lock);
    request->next = NULL;
    request_t **place = &self->later;
    size_t count = 1;
    for (; *place != NULL; place = &(*place)->next) {
        count++;
    }
    *place = request;
    if (count > REQUESTS_MAX) {
        self->later = self->later->next;
    }
    lock_release(&self->core->lock);
    runtime_settle(request);
}

// Takes the request with this id: the one whose callback runs, if it was set aside, or the oldest of those before; NULL if
// there is none.
static request_t *take(answers_t *self, mp_obj_t msg_id) {
    asked_t *asked = &self->asked;
    lock_acquire(&self->core->lock);
    request_t *request = asked->aside;
    if (request != NULL && is_asked(asked, msg_id)) {
        asked->is_answered = true;
    } else {
        request_t **place = &self->later;
        LIST_SEEK(place, same((*place)->msg_id, msg_id));
        request = *place;
        if (request != NULL) {
            *place = request->next;
        }
    }
    lock_release(&self->core->lock);
    return request;
}

// Has a request that was taken wait again.
static void put_back(answers_t *self, request_t *request) {
    bool aside;
    CORE_LOCKED(self->core, aside = self->asked.aside == request; if (aside) {
        self->asked.is_answered = false;
    });
    if (!aside) {
        queue(self, request);
    }
}

// ---- The request whose callback runs ----

// `msg_id` is what `reply` was called with, maybe by another thread: once the callback has returned, the core may be at
// another request. MP_OBJ_NULL if it has returned in this thread. False if it is another request.
static bool answer_in_use(answers_t *self, mp_obj_t msg_id, answer_t answer, int32_t *status) {
    asked_t *asked = &self->asked;
    do {
        lock_acquire(&self->core->lock);
        bool in_use = msg_id == MP_OBJ_NULL || (is_asked(asked, msg_id) && asked->aside == NULL);
        if (in_use) {
            *status = aliyun_iot_answer(self->core->device, answer.code, answer.data);
            asked->is_answered = asked->is_answered || (msg_id != MP_OBJ_NULL && *status >= 0);
        }
        lock_release(&self->core->lock);
        if (!in_use) {
            return false;
        }
        // The session keeps room for short answers only.
    } while ((*status == ALIYUN_IOT_STATUS_TOO_LARGE || *status == ALIYUN_IOT_STATUS_FULL)
             && drive_grow(self->drive, "answer", answer.data.len + ENVELOPE, status));
    return true;
}

// What its callback has returned.
static void answer_now(answers_t *self, const asked_t *asked, answer_t answer) {
    int32_t status;
    if (asked->aside != NULL) {
        status = send_reply(self, asked->aside, answer);
    } else {
        answer_in_use(self, MP_OBJ_NULL, answer, &status);
    }
    answer_check(self->core, NULL, status);
}

static void answer_later(answers_t *self, const asked_t *asked) {
    request_t *request = asked->aside != NULL ? asked->aside : keep(self, asked);
    if (request != NULL) {
        queue(self, request);
    }
}

static void answer_as_returned(answers_t *self, const asked_t *asked, mp_obj_t returned) {
    if (answer_is_one(returned)) {
        answer_now(self, asked, answer_returned(returned, asked->is_raw));
    } else if (mp_obj_is_small_int(returned) && MP_OBJ_SMALL_INT_VALUE(returned) == DEVICE_LATER) {
        answer_later(self, asked);
    } else if (asked->aside != NULL) {
        // Of one in use the core does so by itself.
        answer_now(self, asked, (answer_t) { ANSWER_OK, { NULL, 0 } });
    }
}

// Answers without data, for which the session keeps space. If nothing waits for an answer, the core ignores it.
static void answer_with(answers_t *self, mp_int_t code) {
    CORE_LOCKED(self->core, aliyun_iot_answer(self->core->device, code, (aliyun_iot_bytes) { NULL, 0 }));
}

static void answer_failed(answers_t *self, const asked_t *asked) {
    if (asked->aside != NULL) {
        send_reply(self, asked->aside, (answer_t) { ANSWER_FAILED, { NULL, 0 } });
    } else {
        answer_with(self, ANSWER_FAILED);
    }
}

// Puts `asked` in the place of the request whose callback runs, and returns that.
static asked_t exchange(answers_t *self, asked_t asked) {
    lock_acquire(&self->core->lock);
    asked_t before = self->asked;
    self->asked = asked;
    lock_release(&self->core->lock);
    return before;
}

// An answer that a callback has returned cannot be sent, for the reason that the exception has.
static void print_refused(const char *of, mp_obj_t exception) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        if (runtime_is_a(exception, &mp_type_ValueError) || runtime_is_a(exception, &mp_type_TypeError)) {
            vstr_t text;
            vstr_init(&text, 64);
            vstr_printf(&text, "the %s callback returned what cannot be sent as an answer:\n", of);
            runtime_print_error(mp_obj_new_str_from_vstr(&text));
        }
        nlr_pop();
    }
    callback_print_exception(exception);
}

// ---- What others call ----

mp_obj_t answers_msg_id(aliyun_iot_bytes id) {
    bool number = true;
    uint32_t value = 0;
    for (size_t i = 0; i < id.len; i++) {
        number = number && id.data[i] >= '0' && id.data[i] <= '9';
        value = value * 10 + (id.data[i] - '0');
    }
    if (number && id.len <= DIGITS_OF_32_BITS) {
        return mp_obj_new_int_from_uint(value);
    }
    mp_obj_t text = runtime_text(id);
    // To read a number takes time that grows with the square of its length.
    return number && id.len <= DIGITS_MAX ? mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_int), text) : text;
}

void answers_ask(answers_t *self, const char *of, mp_obj_t callback, mp_obj_t argument, mp_obj_t msg_id, bool is_raw) {
    // A callback that uploads waits while others are called.
    asked_t outer = exchange(self, (asked_t) { .msg_id = msg_id, .is_raw = is_raw });
    mp_obj_t returned = callback_call_now(self->callbacks, of, callback, argument);
    asked_t asked = exchange(self, outer);
    if (asked.is_answered) {
        return;
    }
    if (returned != MP_OBJ_NULL) {
        nlr_buf_t nlr;
        if (nlr_push(&nlr) == 0) {
            answer_as_returned(self, &asked, returned);
            nlr_pop();
            return;
        }
        print_refused(of, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
    answer_failed(self, &asked);
}

void answers_refuse(answers_t *self) {
    answer_with(self, ANSWER_TOO_MANY);
}

void answers_failed(answers_t *self, const asked_t *outer) {
    exchange(self, *outer);
    answer_with(self, ANSWER_FAILED);
}

void answers_set_aside(answers_t *self) {
    asked_t *asked = &self->asked;
    if (asked->msg_id != MP_OBJ_NULL && !asked->is_answered && asked->aside == NULL) {
        request_t *request = keep(self, asked);
        asked->aside = request;
        runtime_settle(request);
    }
}

void answers_forget(answers_t *self) {
    CORE_LOCKED(self->core, self->later = NULL);
}

// Answers a request that was taken; if the answer is refused, it waits again.
static MP_NOINLINE int32_t reply_to(answers_t *self, request_t *request, answer_t answer, mp_obj_t data) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        answer.data = answer_data(data, request->is_raw);
        int32_t status = send_reply(self, request, answer);
        answer_check_json(self->core, "reply", status);
        nlr_pop();
        return status;
    }
    put_back(self, request);
    nlr_jump(nlr.ret_val);
}

int32_t answers_reply(answers_t *self, mp_obj_t msg_id, mp_obj_t code, mp_obj_t data) {
    if (!mp_obj_is_int(msg_id) && !mp_obj_is_str(msg_id)) {
        arg_wrong_type(msg_id, "msg_id", "int, or str if it came so");
    }
    answer_t answer = { answer_code(code), { NULL, 0 } };
    if (self->core->device == NULL || !aliyun_iot_is_online(self->core->device)) {
        return ALIYUN_IOT_STATUS_NOT_CONNECTED;
    }
    asked_t asked;
    bool in_use;
    CORE_LOCKED(self->core, asked = self->asked; in_use = is_asked(&asked, msg_id) && asked.aside == NULL);
    int32_t status = ALIYUN_IOT_STATUS_NO_REQUEST;
    if (in_use) {
        answer.data = answer_data(data, asked.is_raw);
        if (answer_in_use(self, msg_id, answer, &status)) {
            answer_check(self->core, "reply", status);
            return ALIYUN_IOT_STATUS_OK;
        }
    }
    request_t *request = take(self, msg_id);
    if (request != NULL) {
        status = reply_to(self, request, answer, data);
    }
    if (request == NULL || status == ALIYUN_IOT_STATUS_NO_REQUEST) {
        mp_raise_msg(&mp_type_ValueError, MP_ERROR_TEXT("reply(): no request with this msg_id waits for an answer"));
    }
    if (status < 0) {
        put_back(self, request);
    }
    return status;
}
