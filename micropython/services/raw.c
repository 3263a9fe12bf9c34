// Raw data, for products whose devices do not speak JSON.

#include "base/args.h"
#include "base/port.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/raw_args.h"

// Of a reply: it has no code of its own.
#define CODE_OK (200)

mp_obj_t device_postRaw(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postRaw_args_t args;
    postRaw_args(arguments[1], &args);
    reply_t *reply = replies_new("postRaw", n_args > 2 ? arguments[2] : mp_const_none);
    int32_t status;
    DEVICE_POST(self, "postRaw", status, reply, REPLY_RAW, 0,
        aliyun_iot_post_raw(self->core.device, args.param, NULL, port_ticks_ms()));
    return result_posted(self, "postRaw", status, reply);
}

static void tell_raw(device_obj_t *self, aliyun_iot_bytes payload) {
    mp_obj_t callback = self->callbacks[DEVICE_ON_RAWDATA];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_params_len, mp_obj_new_int_from_uint(payload.len));
    runtime_set(data, MP_QSTR_params, mp_obj_new_bytearray(payload.len, payload.data));
    event_call(self, DEVICE_ON_RAWDATA, callback, data);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_RAW_DATA) {
        tell_raw(self, event->as.raw.data);
    } else {
        replies_tell(&self->replies, REPLY_RAW, 0, CODE_OK, event->as.raw.reply);
    }
}

const service_t raw_service = {
    .family = ALIYUN_IOT_EVENT_RAW_DATA,
    .on_event = on_event,
};
