// The thing model: posts of properties and events.

#include "base/args.h"
#include "base/port.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/model_args.h"

mp_obj_t device_postProps(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postProps_args_t args;
    postProps_args(arguments[1], &args);
    reply_t *reply = replies_new("postProps", n_args > 2 ? arguments[2] : mp_const_none);
    int32_t status;
    uint32_t id = 0;
    DEVICE_POST(self, "postProps", status, reply, REPLY_POST, id,
        aliyun_iot_post_properties(self->core.device, args.params, reply == NULL ? NULL : &id, port_ticks_ms()));
    return result_posted(self, "postProps", status, reply);
}

mp_obj_t device_postEvent(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postEvent_args_t args;
    postEvent_args(arguments[1], &args);
    reply_t *reply = replies_new("postEvent", n_args > 2 ? arguments[2] : mp_const_none);
    int32_t status;
    uint32_t id = 0;
    DEVICE_POST(self, "postEvent", status, reply, REPLY_POST, id,
        aliyun_iot_post_event(self->core.device, args.id, args.params, reply == NULL ? NULL : &id, port_ticks_ms()));
    return result_posted(self, "postEvent", status, reply);
}

static void on_reply(device_obj_t *self, const aliyun_iot_model_reply *reply) {
    if (!replies_call(&self->replies, REPLY_POST, reply->id, reply->code, reply->message, MP_OBJ_NULL) && reply->code != REPLY_OK) {
        error_report(self, reply->code, reply->message.len ? runtime_text(reply->message) : runtime_words("the platform refused a post"));
    }
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_MODEL_REPLY) {
        on_reply(self, &event->as.model.reply);
    } else {
        const aliyun_iot_model_no_reply *none = &event->as.model.no_reply;
        replies_fail_request(&self->replies, none->id, none->cause);
    }
}

const service_t model_service = {
    .family = ALIYUN_IOT_EVENT_MODEL_REPLY,
    .on_event = on_event,
};
