// Raw data, for products whose devices do not speak JSON.

#include "base/args.h"
#include "base/port.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/device_errors.h"
#include "generated/raw_args.h"

mp_obj_t device_postRaw(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postRaw_args_t args;
    postRaw_args(arguments[1], &args);
    reply_t *reply = replies_new("postRaw", n_args > 2 ? arguments[2] : mp_const_none);
    int32_t status;
    uint32_t id = 0;
    DEVICE_POST(self, "postRaw", status, reply, REPLY_POST, id,
        aliyun_iot_post_raw(self->core.device, args.param, reply == NULL ? NULL : &id, port_ticks_ms()));
    return result_posted(self, "postRaw", status, reply);
}

static void on_data(device_obj_t *self, aliyun_iot_bytes payload) {
    mp_obj_t callback = self->callbacks[DEVICE_ON_RAWDATA];
    if (callback == MP_OBJ_NULL) {
        return;
    }
    mp_obj_t data = mp_obj_new_dict(2);
    runtime_set(data, MP_QSTR_params_len, mp_obj_new_int_from_uint(payload.len));
    runtime_set(data, MP_QSTR_params, mp_obj_new_bytearray(payload.len, payload.data));
    event_call(self, DEVICE_ON_RAWDATA, callback, data);
}

static void on_reply(device_obj_t *self, const aliyun_iot_raw_reply *reply) {
    if (reply->id != 0) {
        mp_obj_t data = mp_obj_new_bytes(reply->data.data, reply->data.len);
        replies_call(&self->replies, REPLY_POST, reply->id, REPLY_OK, (aliyun_iot_bytes) { NULL, 0 }, data);
    }
}

static void on_reply_dropped(device_obj_t *self, const aliyun_iot_raw_reply_dropped *dropped) {
    vstr_t why;
    vstr_init(&why, 64);
    vstr_printf(&why, "the reply was dropped: it needs rxBuffer %u", (unsigned)dropped->needed);
    replies_fail(&self->replies, REPLY_POST, dropped->id, ERROR_OVERSIZE, mp_obj_new_str_from_vstr(&why));
    error_report_dropped(self, dropped->needed);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_RAW_DATA:
            on_data(self, event->as.raw.data);
            break;
        case ALIYUN_IOT_EVENT_RAW_REPLY:
            on_reply(self, &event->as.raw.reply);
            break;
        case ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED:
            on_reply_dropped(self, &event->as.raw.reply_dropped);
            break;
        case ALIYUN_IOT_EVENT_RAW_NO_REPLY:
            replies_fail_request(&self->replies, event->as.raw.no_reply.id, event->as.raw.no_reply.cause);
            break;
    }
}

const service_t raw_service = {
    .family = ALIYUN_IOT_EVENT_RAW_DATA,
    .on_event = on_event,
};
