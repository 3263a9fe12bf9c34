// Which callback is called for an event or an error?

#include "base/clock.h"
#include "device/calls.h"
#include "generated/device_errors.h"

// Return codes of CONNACK (MQTT 3.1.1, section 3.2.2.3): from this one on, the login is at fault.
#define CONNACK_CREDENTIALS (4)

#define EVENT_NAME(name, value) case value: return #name;

const char *event_name(int event) {
    switch (event) {
        DEVICE_EVENTS(EVENT_NAME)
        default:
            return "ON_";
    }
}

bool event_is_wanted(const device_obj_t *self, int event) {
    return self->callbacks[event] != MP_OBJ_NULL;
}

bool event_is_settled(const device_obj_t *self, int event) {
    return self->settled & 1u << event;
}

void event_call(device_obj_t *self, int event, mp_obj_t callback, mp_obj_t data) {
    callback_call(&self->calls, event_name(event), callback, data);
}

void event_call_code(device_obj_t *self, int event, int code, mp_obj_t message) {
    mp_obj_t callback = self->callbacks[event];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(code));
    if (message != MP_OBJ_NULL) {
        runtime_set(data, MP_QSTR_msg, message);
    }
    event_call(self, event, callback, data);
}

// ---- Errors ----

bool error_is_wanted(const device_obj_t *self) {
    return event_is_wanted(self, DEVICE_ON_ERROR) || !event_is_settled(self, DEVICE_ON_ERROR);
}

void error_report(device_obj_t *self, int code, mp_obj_t message) {
    if (event_is_settled(self, DEVICE_ON_ERROR)) {
        event_call_code(self, DEVICE_ON_ERROR, code, message);
    } else {
        console_error(&self->console, self->name, code, message);
    }
}

void error_report_text(device_obj_t *self, int code, const char *text) {
    if (error_is_wanted(self)) {
        error_report(self, code, runtime_words(text));
    }
}

void error_report_dropped(device_obj_t *self, uint32_t needed) {
    if (!error_is_wanted(self)) {
        return;
    }
    aliyun_iot_counters counters = { 0 };
    CORE_LOCKED(&self->core, aliyun_iot_get_counters(self->core.device, &counters));
    vstr_t message;
    vstr_init(&message, 64);
    vstr_printf(&message, "a message was dropped: it needs rxBuffer %u; dropped so far: %u", (unsigned)needed,
        (unsigned)counters.dropped);
    error_report(self, ERROR_OVERSIZE, mp_obj_new_str_from_vstr(&message));
}

#if ALIYUN_IOT_HAS_VENDORS
// A refusal by a cloud that checks the time of a login: the clock may be the reason.
static mp_obj_t refusal_with_clock(aliyun_iot_loss loss) {
    vstr_t words;
    mp_print_t print;
    vstr_init_print(&words, 80, &print);
    mp_print_str(&print, loss.code == CONNACK_CREDENTIALS ? "refused: wrong secret, or wrong time" : aliyun_iot_loss_text(loss.cause, loss.code));
    clock_print(&print);
    return mp_obj_new_str_from_vstr(&words);
}
#endif

// What went wrong, in words: those of the link, where it has any.
mp_obj_t error_words_of(device_obj_t *self, aliyun_iot_link_id link, aliyun_iot_loss loss) {
    mp_obj_t words = self->links[link].loss.words;
    if (loss.cause == ALIYUN_IOT_LOSS_LINK && words != MP_OBJ_NULL) {
        return words;
    }
    #if ALIYUN_IOT_HAS_VENDORS
    if (loss.cause == ALIYUN_IOT_LOSS_REFUSED && loss.code >= CONNACK_CREDENTIALS) {
        bool signs_time;
        CORE_LOCKED(&self->core, signs_time = aliyun_iot_signs_time(self->core.device));
        if (signs_time) {
            return refusal_with_clock(loss);
        }
        if (self->cloud != NULL && self->cloud->key_of != NULL && loss.code == CONNACK_CREDENTIALS) {
            return runtime_words("refused: wrong user name, password or secret");
        }
    }
    #endif
    return runtime_words(aliyun_iot_loss_text(loss.cause, loss.code));
}

int error_code_of(const device_obj_t *self, aliyun_iot_link_id link, aliyun_iot_loss loss) {
    switch (loss.cause) {
        case ALIYUN_IOT_LOSS_REFUSED:
            return loss.code;
        case ALIYUN_IOT_LOSS_PEER:
            return ERROR_PEER;
        case ALIYUN_IOT_LOSS_TIMEOUT:
            return ERROR_TIMEOUT;
        case ALIYUN_IOT_LOSS_KICKED:
            return ERROR_KICKED;
        case ALIYUN_IOT_LOSS_RENEWAL:
            return ERROR_LINK;
        default:
            return self->links[link].loss.code;
    }
}
