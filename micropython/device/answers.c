// How the platform's requests are answered: by what their callbacks return, or by `reply`, then or later.

#include "base/args.h"
#include "device/answers.h"
#include "generated/device_events.h"

// Codes of answers (help.aliyun.com document 89309).
#define CODE_OK (200)
#define CODE_TOO_MANY (429)
#define CODE_FAILED (500)
// Smaller numbers are what methods return, which is often the last thing that a callback does.
#define CODE_MIN (100)
#define CODE_MAX (0x3fffffff)
// Digits of an id that becomes an int: those of 64 bits. The platform's own have up to 19.
#define DIGITS_MAX (20)
// Digits that always fit 32 bits.
#define DIGITS_OF_32_BITS (9)
// Bytes that an answer takes beside its data, at most.
#define ENVELOPE (512)

typedef struct {
    mp_int_t code;
    aliyun_iot_bytes data;
} answer_t;

// Of numbers and texts: runs no Python code.
static bool same(mp_obj_t a, mp_obj_t b) {
    return mp_binary_op(MP_BINARY_OP_EQUAL, a, b) == mp_const_true;
}

// With the lock held: whether the request whose callback runs has this id, and waits for its answer.
static bool is_asked(const asked_t *asked, mp_obj_t msg_id) {
    return asked->msg_id != MP_OBJ_NULL && !asked->is_answered && same(asked->msg_id, msg_id);
}

// ---- What an answer says ----

// `method` is NULL for what a callback has returned.
static aliyun_iot_bytes data_of(mp_obj_t data, const char *method, bool raw) {
    if (data == mp_const_none) {
        return (aliyun_iot_bytes) { NULL, 0 };
    }
    if (raw && !mp_obj_is_dict_or_ordereddict(data)) {
        return arg_data(data, "data");
    }
    return arg_json(data, method, "data");
}

static mp_int_t code_of(mp_obj_t code) {
    return arg_int(code, "code", CODE_MIN, CODE_MAX);
}

// What a callback has returned, but for None, LATER and small numbers.
static answer_t read_answer(mp_obj_t returned, bool raw) {
    answer_t answer = { CODE_OK, { NULL, 0 } };
    if (mp_obj_is_int(returned)) {
        answer.code = code_of(returned);
    } else if (mp_obj_is_type(returned, &mp_type_tuple)) {
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(returned, 2, &items);
        answer.code = code_of(items[0]);
        answer.data = data_of(items[1], NULL, raw);
    } else {
        answer.data = data_of(returned, NULL, raw);
    }
    return answer;
}

static MP_NORETURN void refuse(const char *method, const char *words, unsigned at) {
    vstr_t text;
    vstr_init(&text, 64);
    if (method != NULL) {
        vstr_printf(&text, "%s(): ", method);
    }
    vstr_add_str(&text, words);
    if (at != UINT32_MAX) {
        vstr_printf(&text, "%u", at);
    }
    mp_obj_t message = mp_obj_new_str_from_vstr(&text);
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s"), mp_obj_str_get_str(message));
}

static void check_json(answers_t *self, const char *method, int32_t status) {
    if (status == ALIYUN_IOT_STATUS_JSON) {
        refuse(method, "'data' is not JSON: see byte ", core_error(self->core).offset);
    }
}

// ---- To requests of before ----

static int32_t send_reply(answers_t *self, const request_t *request, answer_t answer) {
    aliyun_iot_bytes id = { NULL, 0 };
    if (request->id != MP_OBJ_NULL) {
        id = arg_text(request->id, "id");
    }
    int32_t status;
    do {
        CORE_LOCKED(self->core,
            status = aliyun_iot_reply(self->core->device, arg_text(request->topic, "topic"), id, answer.code, answer.data));
    } while (drive_grow_if_needed(self->drive, "reply", &status));
    return status;
}

// ---- To the request whose callback runs ----

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

static void check_answered(answers_t *self, const char *method, int32_t status) {
    check_json(self, method, status);
    // Not connected: the link is lost, and the request with it.
    if (status < 0 && status != ALIYUN_IOT_STATUS_NOT_CONNECTED) {
        refuse(method, aliyun_iot_status_text(status), UINT32_MAX);
    }
}

// What its callback has returned.
static void answer_now(answers_t *self, const asked_t *asked, answer_t answer) {
    int32_t status;
    if (asked->aside != NULL) {
        status = send_reply(self, asked->aside, answer);
    } else {
        answer_in_use(self, MP_OBJ_NULL, answer, &status);
    }
    check_answered(self, NULL, status);
}

static void keep(answers_t *self, request_t *request) {
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
    request_t *oldest = self->later;
    if (count > REQUESTS_MAX) {
        self->later = oldest->next;
    }
    lock_release(&self->core->lock);
    runtime_settle(request);
    if (count > REQUESTS_MAX) {
        send_reply(self, oldest, (answer_t) { CODE_TOO_MANY, { NULL, 0 } });
    }
}

// Takes the request with this id: the one whose callback runs, if it was set aside, or the oldest of those before; NULL if
// there is none.
static request_t *take(answers_t *self, mp_obj_t msg_id) {
    asked_t *asked = &self->asked;
    lock_acquire(&self->core->lock);
    if (asked->aside != NULL && is_asked(asked, msg_id)) {
        asked->is_answered = true;
        lock_release(&self->core->lock);
        return asked->aside;
    }
    request_t **place = &self->later;
    while (*place != NULL && !same((*place)->msg_id, msg_id)) {
        place = &(*place)->next;
    }
    request_t *request = *place;
    if (request != NULL) {
        *place = request->next;
    }
    lock_release(&self->core->lock);
    return request;
}

// Has a request that was taken wait again.
static void put_back(answers_t *self, request_t *request) {
    lock_acquire(&self->core->lock);
    bool aside = self->asked.aside == request;
    if (aside) {
        self->asked.is_answered = false;
    }
    lock_release(&self->core->lock);
    if (!aside) {
        keep(self, request);
    }
}

// Takes the request in use over from the core; NULL if the link is lost, and the request with it.
static request_t *take_over(answers_t *self, const asked_t *asked) {
    aliyun_iot_bytes topic;
    int32_t status;
    CORE_LOCKED(self->core, status = aliyun_iot_answer_later(self->core->device, &topic));
    if (status != ALIYUN_IOT_STATUS_OK) {
        return NULL;
    }
    aliyun_iot_bytes none = { NULL, 0 }, id = asked->is_raw ? none : asked->id;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        request_t *request = m_new(request_t, 1);
        request->next = NULL;
        request->msg_id = asked->msg_id;
        request->topic = runtime_text(topic);
        request->id = asked->is_raw ? MP_OBJ_NULL : runtime_text(id);
        nlr_pop();
        return request;
    }
    // No memory to remember it, so nobody can answer it later.
    CORE_LOCKED(self->core, aliyun_iot_reply(self->core->device, topic, id, CODE_FAILED, none));
    nlr_jump(nlr.ret_val);
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

static void answer_later(answers_t *self, const asked_t *asked) {
    request_t *request = asked->aside != NULL ? asked->aside : take_over(self, asked);
    if (request != NULL) {
        keep(self, request);
    }
}

static void answer_as_returned(answers_t *self, const asked_t *asked, mp_obj_t returned) {
    bool is_small = mp_obj_is_small_int(returned) && MP_OBJ_SMALL_INT_VALUE(returned) < CODE_MIN;
    if (is_small && MP_OBJ_SMALL_INT_VALUE(returned) == DEVICE_LATER) {
        answer_later(self, asked);
    } else if (!is_small && returned != mp_const_none) {
        answer_now(self, asked, read_answer(returned, asked->is_raw));
    } else if (asked->aside != NULL) {
        // Of one in use the core does so by itself.
        answer_now(self, asked, (answer_t) { CODE_OK, { NULL, 0 } });
    }
}

static void answer_failed(answers_t *self, const asked_t *asked) {
    answer_t answer = { CODE_FAILED, { NULL, 0 } };
    if (asked->aside != NULL) {
        send_reply(self, asked->aside, answer);
    } else {
        // There is room for it. If the request is answered already, or none, nothing comes of it.
        CORE_LOCKED(self->core, aliyun_iot_answer(self->core->device, answer.code, answer.data));
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

void answers_ask(answers_t *self, const char *of, mp_obj_t callback, mp_obj_t argument, mp_obj_t msg_id,
    aliyun_iot_bytes id, bool is_raw) {
    // A callback that uploads waits while others are called.
    asked_t outer = exchange(self, (asked_t) {
        .msg_id = msg_id, .id = id, .is_raw = is_raw,
    });
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

void answers_refuse(answers_t *self, bool is_raw) {
    lock_acquire(&self->core->lock);
    if (is_raw) {
        // An answer has no code here, so that it would pass for success: the platform hears nothing.
        aliyun_iot_answer_later(self->core->device, NULL);
    } else {
        // There is room for it.
        aliyun_iot_answer(self->core->device, CODE_TOO_MANY, (aliyun_iot_bytes) { NULL, 0 });
    }
    lock_release(&self->core->lock);
}

void answers_failed(answers_t *self, const asked_t *outer) {
    exchange(self, *outer);
    answer_failed(self, &(asked_t) { .msg_id = MP_OBJ_NULL });
}

void answers_set_aside(answers_t *self) {
    asked_t *asked = &self->asked;
    if (asked->msg_id != MP_OBJ_NULL && !asked->is_answered && asked->aside == NULL) {
        request_t *request = take_over(self, asked);
        asked->aside = request;
        runtime_settle(request);
    }
}

void answers_forget(answers_t *self) {
    CORE_LOCKED(self->core, self->later = NULL);
}

int32_t answers_reply(answers_t *self, mp_obj_t msg_id, mp_obj_t code, mp_obj_t data) {
    if (!mp_obj_is_int(msg_id) && !mp_obj_is_str(msg_id)) {
        arg_wrong_type(msg_id, "msg_id", "int, or str if it came so");
    }
    answer_t answer = { CODE_OK, { NULL, 0 } };
    if (code != MP_OBJ_NULL) {
        answer.code = code_of(code);
    }
    if (self->core->device == NULL || !aliyun_iot_is_online(self->core->device)) {
        return ALIYUN_IOT_STATUS_NOT_CONNECTED;
    }
    lock_acquire(&self->core->lock);
    asked_t asked = self->asked;
    bool in_use = is_asked(&asked, msg_id) && asked.aside == NULL;
    lock_release(&self->core->lock);
    int32_t status;
    if (in_use) {
        answer.data = data_of(data, "reply", asked.is_raw);
        if (answer_in_use(self, msg_id, answer, &status)) {
            check_answered(self, "reply", status);
            return ALIYUN_IOT_STATUS_OK;
        }
    }
    request_t *request = take(self, msg_id);
    if (request == NULL) {
        mp_raise_msg(&mp_type_ValueError, MP_ERROR_TEXT("reply(): no request with this msg_id waits for an answer"));
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        answer.data = data_of(data, "reply", request->id == MP_OBJ_NULL);
        status = send_reply(self, request, answer);
        check_json(self, "reply", status);
        nlr_pop();
    } else {
        put_back(self, request);
        nlr_jump(nlr.ret_val);
    }
    if (status < 0) {
        put_back(self, request);
    }
    return status;
}
