// The thing model: posts of properties and events, and property sets.

#include "base/args.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/messages.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/model_args.h"

#define CODE_OK (200)

mp_obj_t device_onProps(mp_obj_t self_in, mp_obj_t callback) {
    return device_on(self_in, MP_OBJ_NEW_SMALL_INT(DEVICE_ON_PROPS), callback);
}

mp_obj_t device_postProps(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postProps_args_t args;
    postProps_args(arguments[1], &args);
    reply_t *reply = replies_new("postProps", n_args > 2 ? arguments[2] : mp_const_none);
    int32_t status;
    uint32_t id = 0;
    DEVICE_POST(self, "postProps", status, reply, REPLY_POST, id,
        aliyun_iot_post_properties(self->core.device, args.params, &id));
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
        aliyun_iot_post_event(self->core.device, args.id, args.params, &id));
    return result_posted(self, "postEvent", status, reply);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    if (event->kind == ALIYUN_IOT_EVENT_KIND_PROPERTIES) {
        request_call(self, DEVICE_ON_PROPS, event);
    } else if (!replies_tell(&self->replies, REPLY_POST, event) && event->code != CODE_OK) {
        error_report(self, event->code, event->payload.len ? runtime_text(event->payload) : runtime_words("the platform refused a post"));
    }
}

const service_t model_service = {
    .events = SERVICE_EVENT(ALIYUN_IOT_EVENT_KIND_PROPERTIES) | SERVICE_EVENT(ALIYUN_IOT_EVENT_KIND_REPLY),
    .on_event = on_event,
};
