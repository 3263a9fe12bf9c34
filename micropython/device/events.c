// What becomes of an event of the core? Those of the connection and of messages are handled here, with the very objects that
// HaaS firmware hands out; the others go to their services.

#include "base/haas.h"
#include "device/calls.h"
#include "device/events.h"
#include "device/messages.h"
#include "device/service.h"
#include "generated/device_errors.h"

#define NO_BYTES ((aliyun_iot_bytes) { NULL, 0 })

// Appends what was sent: the type of its packet, and its topic, if that is known.
static void add_packet(vstr_t *message, int32_t type, aliyun_iot_bytes topic) {
    vstr_add_str(message, " right after a ");
    vstr_add_str(message, type == ALIYUN_IOT_PACKET_PUBLISH ? "publish" : type == ALIYUN_IOT_PACKET_SUBSCRIBE ? "subscription" : "cancelled subscription");
    if (topic.len > 0) {
        vstr_add_str(message, " to ");
        vstr_add_strn(message, (const char *)topic.data, topic.len);
    }
}

// A script may have neither ON_DISCONNECT nor ON_ERROR: then the console shows a lost session.
static void tell_disconnected(device_obj_t *self, const aliyun_iot_connection_lost *lost) {
    mp_obj_t words = error_words_of(self, ALIYUN_IOT_LINK_SESSION, lost->loss);
    if (lost->packet != 0) {
        vstr_t message;
        mp_print_t print;
        vstr_init_print(&message, 64, &print);
        mp_obj_print_helper(&print, words, PRINT_STR);
        add_packet(&message, lost->packet, lost->topic);
        words = mp_obj_new_str_from_vstr(&message);
    }
    event_call_code(self, DEVICE_ON_DISCONNECT, HAAS_DISCONNECTED, words);
    if (!event_is_settled(self, DEVICE_ON_DISCONNECT) && !event_is_settled(self, DEVICE_ON_ERROR)) {
        console_error(&self->console, self->name, error_code_of(self, ALIYUN_IOT_LINK_SESSION, lost->loss), words);
    }
}

// Two errors in words with something of the event in them. (`%.*s` is not for texts of the core: MicroPython's looks for
// a NUL all the same.)

static void tell_refused_subscription(device_obj_t *self, aliyun_iot_bytes filter) {
    if (!error_is_wanted(self)) {
        return;
    }
    vstr_t message;
    vstr_init(&message, 64);
    vstr_add_str(&message, "the server refused the subscription to ");
    vstr_add_strn(&message, (const char *)filter.data, filter.len);
    error_report(self, ERROR_SUBSCRIPTION, mp_obj_new_str_from_vstr(&message));
}

static void tell_given_up(device_obj_t *self, const aliyun_iot_messages_given_up *given_up) {
    bool publish = given_up->packet == ALIYUN_IOT_PACKET_PUBLISH;
    if (error_is_wanted(self)) {
        vstr_t message;
        vstr_init(&message, 64);
        vstr_add_str(&message, "given up: again and again the server closed the connection");
        add_packet(&message, given_up->packet, given_up->topic);
        error_report(self, publish ? ERROR_GIVEN_UP : ERROR_SUBSCRIPTION, mp_obj_new_str_from_vstr(&message));
    }
    if (publish) {
        replies_fail(&self->replies, REPLY_PUBLISH, given_up->packet_id, ERROR_GIVEN_UP,
            runtime_words("given up: again and again the server closed the connection right after it"));
    }
}

static void handle_closed(device_obj_t *self) {
    // First, so that callbacks can connect again, and ask for what is not to be forgotten.
    device_release(self);
    answers_forget(&self->answers);
    for (const service_t *const *service = services_list; *service != NULL; service++) {
        if ((*service)->on_closed != NULL) {
            (*service)->on_closed(self);
        }
    }
    replies_give_up(&self->replies);
    event_call_code(self, DEVICE_ON_CLOSE, 0, MP_OBJ_NULL);
}

static void handle(device_obj_t *self, const aliyun_iot_event *event) {
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            console_forget(&self->console);
            event_call_code(self, DEVICE_ON_CONNECT, event->as.connection.up.again, MP_OBJ_NULL);
            return;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            tell_disconnected(self, &event->as.connection.lost);
            return;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED: {
            const aliyun_iot_connection_failed *failed = &event->as.connection.failed;
            error_report(self, error_code_of(self, failed->link, failed->loss), error_words_of(self, failed->link, failed->loss));
            return;
        }
        case ALIYUN_IOT_EVENT_CONNECTION_CLOSED:
            handle_closed(self);
            return;
        case ALIYUN_IOT_EVENT_MESSAGES_RECEIVED: {
            const aliyun_iot_messages_received *received = &event->as.messages.received;
            message_call(self, received->topic, received->payload, received->qos);
            return;
        }
        case ALIYUN_IOT_EVENT_MESSAGES_DELIVERED:
            replies_call(&self->replies, REPLY_PUBLISH, event->as.messages.delivered.packet_id, REPLY_OK, NO_BYTES, MP_OBJ_NULL);
            return;
        case ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED:
            if (!event->as.messages.subscribed.granted) {
                tell_refused_subscription(self, event->as.messages.subscribed.filter);
            }
            return;
        case ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP:
            tell_given_up(self, &event->as.messages.given_up);
            return;
        case ALIYUN_IOT_EVENT_MESSAGES_DROPPED:
            error_report_dropped(self, event->as.messages.dropped.needed);
            return;
    }
    const service_t *service = service_of(event->kind);
    if (service != NULL) {
        service->on_event(self, event);
    }
}

// What it raises, for want of memory say, is printed, and the other events are handled all the same.
static void on_event(void *owner, const aliyun_iot_event *event) {
    device_obj_t *self = owner;
    asked_t asked = self->answers.asked;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        handle(self, event);
        nlr_pop();
    } else {
        answers_failed(&self->answers, &asked);
        callback_print_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

const pump_client_t device_events = { on_event };
