// Services that the platform calls, and how the platform's requests are answered.

#include "device/api.h"
#include "device/calls.h"
#include "device/messages.h"
#include "device/results.h"
#include "device/service.h"

mp_obj_t device_onService(mp_obj_t self_in, mp_obj_t callback) {
    return device_on(self_in, MP_OBJ_NEW_SMALL_INT(DEVICE_ON_SERVICE), callback);
}

mp_obj_t device_reply(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    mp_obj_t code = n_args > 2 ? arguments[2] : MP_OBJ_NULL, data = n_args > 3 ? arguments[3] : mp_const_none;
    return result_queued(self, "reply", answers_reply(&self->answers, arguments[1], code, data));
}

// A synchronous call that is none of a service. A script that has no callback for services may take it for a message, and
// publish the answer by itself.
static void tell_call_raw(device_obj_t *self, const aliyun_iot_event *event) {
    if (event_is_wanted(self, DEVICE_ON_SERVICE) || !event_is_wanted(self, DEVICE_ON_SUBCRIBE)) {
        request_call(self, DEVICE_ON_SERVICE, event);
        return;
    }
    aliyun_iot_bytes topic;
    CORE_LOCKED(&self->core, topic = aliyun_iot_answer_later(self->core.device));
    if (topic.data != NULL) {
        message_call(self, topic, event);
    }
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_KIND_SERVICE) {
        request_call(self, DEVICE_ON_SERVICE, event);
    } else {
        tell_call_raw(self, event);
    }
}

const service_t call_service = {
    .events = SERVICE_EVENT(ALIYUN_IOT_EVENT_KIND_SERVICE) | SERVICE_EVENT(ALIYUN_IOT_EVENT_KIND_CALL_RAW),
    .on_event = on_event,
};
