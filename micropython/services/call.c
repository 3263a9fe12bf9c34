// Property sets, services and bytes that the platform calls, and how they are answered.

#include "device/api.h"
#include "device/calls.h"
#include "device/messages.h"
#include "device/results.h"
#include "device/service.h"

mp_obj_t device_onProps(mp_obj_t self_in, mp_obj_t callback) {
    return device_on(self_in, MP_OBJ_NEW_SMALL_INT(DEVICE_ON_PROPS), callback);
}

mp_obj_t device_onService(mp_obj_t self_in, mp_obj_t callback) {
    return device_on(self_in, MP_OBJ_NEW_SMALL_INT(DEVICE_ON_SERVICE), callback);
}

mp_obj_t device_reply(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    mp_obj_t code = n_args > 2 ? arguments[2] : MP_OBJ_NULL, data = n_args > 3 ? arguments[3] : mp_const_none;
    return result_queued(self, "reply", answers_reply(&self->answers, arguments[1], code, data));
}

// A synchronous call that is not a service's. A script that has no callback for services may take it for a message, and
// publish the answer by itself.
static void on_bytes(device_obj_t *self, const aliyun_iot_call_bytes *bytes) {
    if (event_is_wanted(self, DEVICE_ON_SERVICE) || !event_is_wanted(self, DEVICE_ON_SUBCRIBE)) {
        call_t call = { bytes->message_id, bytes->topic, bytes->payload, true };
        request_call(self, DEVICE_ON_SERVICE, &call);
        return;
    }
    // The core sends nothing then.
    answers_refuse(&self->answers);
    message_call(self, bytes->full_topic, bytes->payload, 0);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_CALL_PROPERTIES) {
        const aliyun_iot_call_properties *set = &event->as.call.properties;
        call_t call = { set->message_id, { NULL, 0 }, set->params, false };
        request_call(self, DEVICE_ON_PROPS, &call);
    } else if (event->kind == ALIYUN_IOT_EVENT_CALL_SERVICE) {
        const aliyun_iot_call_service *service = &event->as.call.service;
        call_t call = { service->message_id, service->service, service->params, false };
        request_call(self, DEVICE_ON_SERVICE, &call);
    } else {
        on_bytes(self, &event->as.call.bytes);
    }
}

const service_t call_service = {
    .family = ALIYUN_IOT_EVENT_CALL_PROPERTIES,
    .on_event = on_event,
};
