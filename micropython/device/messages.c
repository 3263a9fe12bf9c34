// Messages and requests that the platform sends, as the dictionaries that callbacks get.

#include "device/calls.h"
#include "device/messages.h"

void message_call(device_obj_t *self, aliyun_iot_bytes topic, const aliyun_iot_event *event) {
    mp_obj_t callback = self->callbacks[DEVICE_ON_SUBCRIBE];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_topic, runtime_text(topic));
    runtime_set(data, MP_QSTR_payload, event->is_text ? runtime_text(event->payload) : mp_obj_new_bytes(event->payload.data, event->payload.len));
    event_call(self, DEVICE_ON_SUBCRIBE, callback, data);
}

void request_call(device_obj_t *self, int event, const aliyun_iot_event *request) {
    mp_obj_t callback = self->callbacks[event];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    if (callbacks_must_wait(&self->calls)) {
        answers_refuse(&self->answers, request);
        return;
    }
    mp_obj_t data = mp_obj_new_dict(5);
    runtime_set(data, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(0));
    bool is_bytes = request->kind == ALIYUN_IOT_EVENT_KIND_CALL_RAW && !request->is_text;
    mp_obj_t msg_id = answers_msg_id(request);
    runtime_set(data, MP_QSTR_msg_id, msg_id);
    if (event == DEVICE_ON_SERVICE) {
        runtime_set(data, MP_QSTR_service_id, runtime_text(request->name));
    }
    runtime_set(data, MP_QSTR_params_len, mp_obj_new_int_from_uint(request->payload.len));
    runtime_set(data, MP_QSTR_params, is_bytes ? mp_obj_new_bytes(request->payload.data, request->payload.len) : runtime_text(request->payload));
    answers_ask(&self->answers, event_name(event), callback, data, msg_id, request);
}
