// Messages and requests that the platform sends, as the dictionaries that callbacks get.

#include "device/calls.h"
#include "device/messages.h"

// A text as str, other bytes as bytes.
static mp_obj_t payload_of(aliyun_iot_bytes payload) {
    return aliyun_iot_is_utf8(payload) ? runtime_text(payload) : mp_obj_new_bytes(payload.data, payload.len);
}

void message_call(device_obj_t *self, aliyun_iot_bytes topic, aliyun_iot_bytes payload, uint8_t qos) {
    mp_obj_t callback = self->callbacks[DEVICE_ON_SUBCRIBE];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(3);
    runtime_set(data, MP_QSTR_topic, runtime_text(topic));
    runtime_set(data, MP_QSTR_payload, payload_of(payload));
    runtime_set(data, MP_QSTR_qos, MP_OBJ_NEW_SMALL_INT(qos));
    event_call(self, DEVICE_ON_SUBCRIBE, callback, data);
}

void request_call(device_obj_t *self, int event, const call_t *request) {
    mp_obj_t callback = self->callbacks[event];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    if (callbacks_must_wait(&self->calls)) {
        answers_refuse(&self->answers);
        return;
    }
    mp_obj_t data = mp_obj_new_dict(5);
    runtime_set(data, MP_QSTR_code, MP_OBJ_NEW_SMALL_INT(0));
    mp_obj_t msg_id = answers_msg_id(request->message_id);
    runtime_set(data, MP_QSTR_msg_id, msg_id);
    if (event == DEVICE_ON_SERVICE) {
        runtime_set(data, MP_QSTR_service_id, runtime_text(request->name));
    }
    runtime_set(data, MP_QSTR_params_len, mp_obj_new_int_from_uint(request->params.len));
    runtime_set(data, MP_QSTR_params, request->is_bytes ? payload_of(request->params) : runtime_text(request->params));
    answers_ask(&self->answers, event_name(event), callback, data, msg_id, request->is_bytes);
}
