// From the core's events to the callbacks of the script, with the very objects that HaaS firmware hands out.

#include <string.h>

#include "device.h"

// What the old firmware's enumeration gives for a lost connection.
#define CODE_DISCONNECT (2)
// As MQTT numbers them.
#define PACKET_PUBLISH (3)
#define PACKET_SUBSCRIBE (8)

#define EVENT_NAME(name, value) case value: return #name;

static const char *name_of(int event) {
    switch (event) {
        ALIYUN_IOT_EVENTS(EVENT_NAME)
        default:
            return "ON_";
    }
}

static void call(device_obj_t *self, int event, mp_obj_t callback, mp_obj_t data) {
    callback_call(self, name_of(event), callback, data);
}

static bool wanted(device_obj_t *self, int event) {
    return self->callbacks[event] != MP_OBJ_NULL;
}

// Whether the script has said who hears of this event: None as well is an answer.
static bool is_settled(const device_obj_t *self, int event) {
    return self->settled & 1u << event;
}

static bool errors_wanted(device_obj_t *self) {
    return wanted(self, ALIYUN_IOT_ON_ERROR) || !is_settled(self, ALIYUN_IOT_ON_ERROR);
}

static mp_obj_t bytes(aliyun_iot_bytes bytes) {
    return mp_obj_new_bytes(bytes.data, bytes.len);
}

// Callbacks are looked up once: another thread may take one away meanwhile.

static void tell_code(device_obj_t *self, int event, int code, mp_obj_t message) {
    mp_obj_t callback = self->callbacks[event];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(code));
    if (message != MP_OBJ_NULL) {
        runtime_set(data, MP_QSTR_msg, message);
    }
    call(self, event, callback, data);
}

// What went wrong, in words: those of the link, where it has any.
mp_obj_t device_loss_words(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->loss == ALIYUN_IOT_LOSS_LINK && self->link.error != MP_OBJ_NULL) {
        return self->link.error;
    }
    return runtime_words(aliyun_iot_loss_text(event->loss, event->code));
}

int device_loss_code(device_obj_t *self, const aliyun_iot_event *event) {
    switch (event->loss) {
        case ALIYUN_IOT_LOSS_REFUSED:
            return event->code;
        case ALIYUN_IOT_LOSS_PEER:
            return ERROR_PEER;
        case ALIYUN_IOT_LOSS_TIMEOUT:
            return ERROR_TIMEOUT;
        case ALIYUN_IOT_LOSS_KICKED:
            return ERROR_KICKED;
        default:
            return self->link.error_code;
    }
}

static void tell_request(device_obj_t *self, int event, const aliyun_iot_event *request) {
    mp_obj_t callback = self->callbacks[event];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    if (callbacks_must_wait(self)) {
        answers_refuse(self, request);
        return;
    }
    mp_obj_t data = mp_obj_new_dict(5);
    runtime_set(data, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(0));
    bool is_bytes = request->kind == ALIYUN_IOT_EVENT_KIND_CALL_RAW && !request->is_text;
    mp_obj_t msg_id = answers_msg_id(request);
    runtime_set(data, MP_QSTR_msg_id, msg_id);
    if (event == ALIYUN_IOT_ON_SERVICE) {
        runtime_set(data, MP_QSTR_service_id, runtime_text(request->name));
    }
    runtime_set(data, MP_QSTR_params_len, mp_obj_new_int_from_uint(request->payload.len));
    runtime_set(data, MP_QSTR_params, is_bytes ? bytes(request->payload) : runtime_text(request->payload));
    answers_ask(self, name_of(event), callback, data, msg_id, request);
}

static void tell_raw(device_obj_t *self, aliyun_iot_bytes payload) {
    mp_obj_t callback = self->callbacks[ALIYUN_IOT_ON_RAWDATA];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_params_len, mp_obj_new_int_from_uint(payload.len));
    runtime_set(data, MP_QSTR_params, mp_obj_new_bytearray(payload.len, payload.data));
    call(self, ALIYUN_IOT_ON_RAWDATA, callback, data);
}

static void tell_message(device_obj_t *self, aliyun_iot_bytes topic, const aliyun_iot_event *event) {
    mp_obj_t callback = self->callbacks[ALIYUN_IOT_ON_SUBCRIBE];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_topic, runtime_text(topic));
    runtime_set(data, MP_QSTR_payload, event->is_text ? runtime_text(event->payload) : bytes(event->payload));
    call(self, ALIYUN_IOT_ON_SUBCRIBE, callback, data);
}

// A synchronous call that is none of a service. A script that has no callback for services may take it for a message, and
// publish the answer by itself.
static void tell_call_raw(device_obj_t *self, const aliyun_iot_event *event) {
    if (wanted(self, ALIYUN_IOT_ON_SERVICE) || !wanted(self, ALIYUN_IOT_ON_SUBCRIBE)) {
        tell_request(self, ALIYUN_IOT_ON_SERVICE, event);
        return;
    }
    device_lock(self);
    aliyun_iot_bytes topic = aliyun_iot_answer_later(self->core);
    device_unlock(self);
    if (topic.data != NULL) {
        tell_message(self, topic, event);
    }
}

void device_tell_error_str(device_obj_t *self, int code, mp_obj_t message) {
    if (is_settled(self, ALIYUN_IOT_ON_ERROR)) {
        tell_code(self, ALIYUN_IOT_ON_ERROR, code, message);
    } else {
        console_error(self, code, message);
    }
}

// Appends what was sent: the type of its packet, and its topic, if that is known.
static void add_packet(vstr_t *message, uint32_t type, aliyun_iot_bytes topic) {
    vstr_add_str(message, " right after a ");
    vstr_add_str(message, type == PACKET_PUBLISH ? "publish" : type == PACKET_SUBSCRIBE ? "subscription" : "cancelled subscription");
    if (topic.len > 0) {
        vstr_add_str(message, " to ");
        vstr_add_strn(message, (const char *)topic.data, topic.len);
    }
}

// A script may leave it to ON_ERROR to hear of a lost session, and have no ON_ERROR either.
static void tell_disconnected(device_obj_t *self, const aliyun_iot_event *event) {
    mp_obj_t words = device_loss_words(self, event);
    if (event->number != 0) {
        vstr_t message;
        mp_print_t print;
        vstr_init_print(&message, 64, &print);
        mp_obj_print_helper(&print, words, PRINT_STR);
        add_packet(&message, event->number, event->name);
        words = mp_obj_new_str_from_vstr(&message);
    }
    tell_code(self, ALIYUN_IOT_ON_DISCONNECT, CODE_DISCONNECT, words);
    if (!is_settled(self, ALIYUN_IOT_ON_DISCONNECT) && !is_settled(self, ALIYUN_IOT_ON_ERROR)) {
        console_error(self, device_loss_code(self, event), words);
    }
}

void device_tell_error(device_obj_t *self, int code, const char *text) {
    if (errors_wanted(self)) {
        device_tell_error_str(self, code, runtime_words(text));
    }
}

// Two errors in words with something of the event in them. (`%.*s` is not for texts of the core: MicroPython's looks for
// a NUL all the same.)

static void tell_refused_subscription(device_obj_t *self, aliyun_iot_bytes filter) {
    if (!errors_wanted(self)) {
        return;
    }
    vstr_t message;
    vstr_init(&message, 64);
    vstr_add_str(&message, "the server refused the subscription to ");
    vstr_add_strn(&message, (const char *)filter.data, filter.len);
    device_tell_error_str(self, ERROR_SUBSCRIPTION, mp_obj_new_str_from_vstr(&message));
}

static void tell_given_up(device_obj_t *self, const aliyun_iot_event *event) {
    bool publish = event->code == PACKET_PUBLISH;
    if (errors_wanted(self)) {
        vstr_t message;
        vstr_init(&message, 64);
        vstr_add_str(&message, "given up: again and again the server closed the connection");
        add_packet(&message, event->code, event->name);
        device_tell_error_str(self, publish ? ERROR_GIVEN_UP : ERROR_SUBSCRIPTION, mp_obj_new_str_from_vstr(&message));
    }
    if (publish) {
        replies_tell(self, REPLY_PUBLISH, event);
    }
}

static void tell_oversize(device_obj_t *self, uint32_t needed, uint32_t dropped) {
    if (!errors_wanted(self)) {
        return;
    }
    vstr_t message;
    vstr_init(&message, 64);
    vstr_printf(&message, "a message was dropped: it needs rxBuffer %u; dropped so far: %u", (unsigned)needed,
        (unsigned)dropped);
    device_tell_error_str(self, ERROR_OVERSIZE, mp_obj_new_str_from_vstr(&message));
}

void device_tell(device_obj_t *self, const aliyun_iot_event *event) {
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_KIND_CONNECTED:
            console_forget(self);
            tell_code(self, ALIYUN_IOT_ON_CONNECT, event->again, MP_OBJ_NULL);
            break;
        case ALIYUN_IOT_EVENT_KIND_DISCONNECTED:
            tell_disconnected(self, event);
            replies_give_up(self, false);
            break;
        case ALIYUN_IOT_EVENT_KIND_FAILED:
            device_tell_error_str(self, device_loss_code(self, event), device_loss_words(self, event));
            break;
        case ALIYUN_IOT_EVENT_KIND_CLOSED:
            // First, so that callbacks can connect again, and ask for what is not to be forgotten.
            device_release(self);
            answers_forget(self);
            ntp_forget(self);
            upload_give_up_all(self);
            replies_give_up(self, true);
            tell_code(self, ALIYUN_IOT_ON_CLOSE, 0, MP_OBJ_NULL);
            break;
        case ALIYUN_IOT_EVENT_KIND_REGISTERED:
            register_succeeded(self, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_NOT_REGISTERED:
            register_failed(self, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_PROPERTIES:
            tell_request(self, ALIYUN_IOT_ON_PROPS, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_SERVICE:
            tell_request(self, ALIYUN_IOT_ON_SERVICE, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_CALL_RAW:
            tell_call_raw(self, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_RAW:
            tell_raw(self, event->payload);
            break;
        case ALIYUN_IOT_EVENT_KIND_MESSAGE:
            tell_message(self, event->name, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_REPLY:
            if (!replies_tell(self, REPLY_POST, event) && event->code != 200) {
                device_tell_error_str(self, event->code, event->payload.len ? runtime_text(event->payload) : runtime_words("the platform refused a post"));
            }
            break;
        case ALIYUN_IOT_EVENT_KIND_RAW_REPLY:
            replies_tell(self, REPLY_RAW, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_DELIVERED:
            replies_tell(self, REPLY_PUBLISH, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_SUBSCRIBED:
            if (!event->accepted) {
                tell_refused_subscription(self, event->name);
            }
            break;
        case ALIYUN_IOT_EVENT_KIND_GIVEN_UP:
            tell_given_up(self, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_TIME:
        case ALIYUN_IOT_EVENT_KIND_NO_TIME:
            ntp_tell(self, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_UPLOAD_BLOCK:
        case ALIYUN_IOT_EVENT_KIND_UPLOADED:
        case ALIYUN_IOT_EVENT_KIND_UPLOAD_FAILED:
            upload_tell(self, event);
            break;
        case ALIYUN_IOT_EVENT_KIND_OVERSIZE:
            if (event->raw_reply) {
                replies_tell_dropped(self, event->number);
            }
            tell_oversize(self, event->number, event->code);
            break;
        default:
            break;
    }
}
