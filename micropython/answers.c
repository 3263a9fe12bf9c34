// How the platform's requests are answered: by what their callbacks return, or by `reply`, then or later.

#include "device.h"
#include "args.h"

// Codes of answers (help.aliyun.com document 89309).
#define CODE_OK (200)
#define CODE_TOO_MANY (429)
#define CODE_FAILED (500)
// Smaller numbers are what methods return, which is often the last thing that a callback does.
#define CODE_MIN (100)
#define CODE_MAX (0x3fffffff)
// Digits of an id that becomes an int: those of 64 bits. The platform's own have up to 19.
#define DIGITS_MAX (20)
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

static void check_json(device_obj_t *self, const char *method, int32_t status) {
    if (status == ALIYUN_IOT_STATUS_JSON) {
        refuse(method, "'data' is not JSON: see byte ", aliyun_iot_needed(self->core));
    }
}

// ---- To requests of before ----

static int32_t send_reply(device_obj_t *self, const request_t *request, answer_t answer) {
    aliyun_iot_bytes id = { NULL, 0 };
    if (request->id != MP_OBJ_NULL) {
        id = arg_text(request->id, "id");
    }
    int32_t status;
    do {
        device_lock(self);
        status = aliyun_iot_reply(self->core, arg_text(request->topic, "topic"), id, answer.code, answer.data);
        device_unlock(self);
    } while (status == ALIYUN_IOT_STATUS_TOO_LARGE
             && device_grow(self, "reply", aliyun_iot_needed(self->core), &status));
    return status;
}

// ---- To the request whose callback runs ----

// `msg_id` is what `reply` was called with, maybe by another thread: once the callback has returned, the core may be at
// another request. MP_OBJ_NULL if it has returned in this thread. False if it is another request.
static bool answer_in_use(device_obj_t *self, mp_obj_t msg_id, answer_t answer, int32_t *status) {
    asked_t *asked = &self->answers.asked;
    do {
        device_lock(self);
        bool in_use = msg_id == MP_OBJ_NULL || (is_asked(asked, msg_id) && asked->aside == NULL);
        if (in_use) {
            *status = aliyun_iot_answer(self->core, answer.code, answer.data);
            asked->is_answered = asked->is_answered || (msg_id != MP_OBJ_NULL && *status >= 0);
        }
        device_unlock(self);
        if (!in_use) {
            return false;
        }
        // The session keeps room for short answers only.
    } while ((*status == ALIYUN_IOT_STATUS_TOO_LARGE || *status == ALIYUN_IOT_STATUS_FULL)
             && device_grow(self, "answer", answer.data.len + ENVELOPE, status));
    return true;
}

static void check_answered(device_obj_t *self, const char *method, int32_t status) {
    check_json(self, method, status);
    // Not connected: the link is lost, and the request with it.
    if (status < 0 && status != ALIYUN_IOT_STATUS_NOT_CONNECTED) {
        refuse(method, aliyun_iot_status_text(status), UINT32_MAX);
    }
}

// What its callback has returned.
static void answer_now(device_obj_t *self, const asked_t *asked, answer_t answer) {
    int32_t status;
    if (asked->aside != NULL) {
        status = send_reply(self, asked->aside, answer);
    } else {
        answer_in_use(self, MP_OBJ_NULL, answer, &status);
    }
    check_answered(self, NULL, status);
}

static void keep(device_obj_t *self, request_t *request) {
    // A collection under way may still look for the one after it, where it stood before.
    runtime_settle(request);
    device_lock(self);
    request->next = NULL;
    request_t **place = &self->answers.later;
    size_t count = 1;
    for (; *place != NULL; place = &(*place)->next) {
        count++;
    }
    *place = request;
    request_t *oldest = self->answers.later;
    if (count > REQUESTS_MAX) {
        self->answers.later = oldest->next;
    }
    device_unlock(self);
    runtime_settle(request);
    if (count > REQUESTS_MAX) {
        send_reply(self, oldest, (answer_t) { CODE_TOO_MANY, { NULL, 0 } });
    }
}

// Takes the request with this id: the one whose callback runs, if it was set aside, or the oldest of those before; NULL if
// there is none.
static request_t *take(device_obj_t *self, mp_obj_t msg_id) {
    asked_t *asked = &self->answers.asked;
    device_lock(self);
    if (asked->aside != NULL && is_asked(asked, msg_id)) {
        asked->is_answered = true;
        device_unlock(self);
        return asked->aside;
    }
    request_t **place = &self->answers.later;
    while (*place != NULL && !same((*place)->msg_id, msg_id)) {
        place = &(*place)->next;
    }
    request_t *request = *place;
    if (request != NULL) {
        *place = request->next;
    }
    device_unlock(self);
    return request;
}

// Has a request that was taken wait again.
static void put_back(device_obj_t *self, request_t *request) {
    device_lock(self);
    bool aside = self->answers.asked.aside == request;
    if (aside) {
        self->answers.asked.is_answered = false;
    }
    device_unlock(self);
    if (!aside) {
        keep(self, request);
    }
}

// Takes the request in use over from the core; NULL if the link is lost, and the request with it.
static request_t *take_over(device_obj_t *self, const asked_t *asked) {
    device_lock(self);
    aliyun_iot_bytes topic = aliyun_iot_answer_later(self->core);
    device_unlock(self);
    if (topic.data == NULL) {
        return NULL;
    }
    aliyun_iot_bytes none = { NULL, 0 }, id = asked->is_raw ? none : asked->event->message_id;
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
    device_lock(self);
    aliyun_iot_reply(self->core, topic, id, CODE_FAILED, none);
    device_unlock(self);
    nlr_jump(nlr.ret_val);
}

// ---- What others call ----

mp_obj_t answers_msg_id(const aliyun_iot_event *request) {
    aliyun_iot_bytes id = request->message_id;
    bool number = true;
    for (size_t i = 0; i < id.len; i++) {
        number = number && id.data[i] >= '0' && id.data[i] <= '9';
    }
    if (number && (request->number != 0 || id.len < 2)) {
        return mp_obj_new_int_from_uint(request->number);
    }
    mp_obj_t text = runtime_text(id);
    // To read a number takes time that grows with the square of its length.
    return number && id.len <= DIGITS_MAX ? mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_int), text) : text;
}

static void answer_later(device_obj_t *self, const asked_t *asked) {
    request_t *request = asked->aside != NULL ? asked->aside : take_over(self, asked);
    if (request != NULL) {
        keep(self, request);
    }
}

static void answer_as_returned(device_obj_t *self, const asked_t *asked, mp_obj_t returned) {
    bool is_small = mp_obj_is_small_int(returned) && MP_OBJ_SMALL_INT_VALUE(returned) < CODE_MIN;
    if (is_small && MP_OBJ_SMALL_INT_VALUE(returned) == ALIYUN_IOT_LATER) {
        answer_later(self, asked);
    } else if (!is_small && returned != mp_const_none) {
        answer_now(self, asked, read_answer(returned, asked->is_raw));
    } else if (asked->aside != NULL) {
        // Of one in use the core does so by itself.
        answer_now(self, asked, (answer_t) { CODE_OK, { NULL, 0 } });
    }
}

static void answer_failed(device_obj_t *self, const asked_t *asked) {
    answer_t answer = { CODE_FAILED, { NULL, 0 } };
    if (asked->aside != NULL) {
        send_reply(self, asked->aside, answer);
    } else {
        // There is room for it. If the request is answered already, or none, nothing comes of it.
        device_lock(self);
        aliyun_iot_answer(self->core, answer.code, answer.data);
        device_unlock(self);
    }
}

// Puts `asked` in the place of the request whose callback runs, and returns that.
static asked_t exchange(device_obj_t *self, asked_t asked) {
    device_lock(self);
    asked_t before = self->answers.asked;
    self->answers.asked = asked;
    device_unlock(self);
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

void answers_ask(device_obj_t *self, const char *of, mp_obj_t callback, mp_obj_t argument, mp_obj_t msg_id,
    const aliyun_iot_event *request) {
    // A callback that uploads waits while others are called.
    asked_t outer = exchange(self, (asked_t) {
        .msg_id = msg_id, .event = request, .is_raw = request->kind == ALIYUN_IOT_EVENT_KIND_CALL_RAW,
    });
    mp_obj_t returned = callback_call_now(self, of, callback, argument);
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

void answers_refuse(device_obj_t *self, const aliyun_iot_event *request) {
    device_lock(self);
    if (request->kind == ALIYUN_IOT_EVENT_KIND_CALL_RAW) {
        // An answer has no code here, so that it would pass for success: the platform hears nothing.
        aliyun_iot_answer_later(self->core);
    } else {
        // There is room for it.
        aliyun_iot_answer(self->core, CODE_TOO_MANY, (aliyun_iot_bytes) { NULL, 0 });
    }
    device_unlock(self);
}

void answers_failed(device_obj_t *self, const asked_t *outer) {
    exchange(self, *outer);
    answer_failed(self, &(asked_t) { .msg_id = MP_OBJ_NULL });
}

void answers_set_aside(device_obj_t *self) {
    asked_t *asked = &self->answers.asked;
    if (asked->msg_id != MP_OBJ_NULL && !asked->is_answered && asked->aside == NULL) {
        request_t *request = take_over(self, asked);
        asked->aside = request;
        runtime_settle(request);
    }
}

void answers_forget(device_obj_t *self) {
    device_lock(self);
    self->answers.later = NULL;
    device_unlock(self);
}

mp_obj_t device_reply(size_t n_args, const mp_obj_t *args) {
    device_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_obj_t msg_id = args[1];
    if (!mp_obj_is_int(msg_id) && !mp_obj_is_str(msg_id)) {
        arg_wrong_type(msg_id, "msg_id", "int, or str if it came so");
    }
    answer_t answer = { CODE_OK, { NULL, 0 } };
    if (n_args > 2) {
        answer.code = code_of(args[2]);
    }
    mp_obj_t data = n_args > 3 ? args[3] : mp_const_none;
    if (self->core == NULL || !aliyun_iot_is_online(self->core)) {
        return MP_OBJ_NEW_SMALL_INT(ALIYUN_IOT_STATUS_NOT_CONNECTED);
    }
    device_lock(self);
    asked_t asked = self->answers.asked;
    bool in_use = is_asked(&asked, msg_id) && asked.aside == NULL;
    device_unlock(self);
    int32_t status;
    if (in_use) {
        answer.data = data_of(data, "reply", asked.is_raw);
        if (answer_in_use(self, msg_id, answer, &status)) {
            check_answered(self, "reply", status);
            return device_queued(self, "reply", 0);
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
    return device_queued(self, "reply", status);
}
