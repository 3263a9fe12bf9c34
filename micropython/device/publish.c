// Methods for callbacks and for topics of the user's own.

#include "base/args.h"
#include "device/api.h"
#include "device/results.h"
#include "generated/messages_args.h"

#define EVENT_CASE(name, value) case value:

static bool event_exists(mp_int_t event) {
    switch (event) {
        DEVICE_EVENTS(EVENT_CASE)
        return true;
    }
    return false;
}

mp_obj_t device_on(mp_obj_t self_in, mp_obj_t event_in, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_int_t event = mp_obj_get_int(event_in);
    if (!event_exists(event)) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("on(): there is no event %d"), (int)event);
    }
    runtime_store(&self->callbacks[event], callback_or_null("on", callback));
    self->settled |= 1u << event;
    return MP_OBJ_NEW_SMALL_INT(0);
}

mp_obj_t device_publish(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    publish_args_t args;
    publish_args(arguments[1], &args);
    reply_t *reply = replies_new("publish", n_args > 2 ? arguments[2] : mp_const_none);
    if (reply != NULL && args.qos != 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("publish(): a callback needs qos 1, since nobody acknowledges qos 0"));
    }
    int32_t status;
    uint16_t packet_id = 0;
    DEVICE_POST(self, "publish", status, reply, REPLY_PUBLISH, packet_id,
        aliyun_iot_publish(self->core.device, args.topic, args.payload, args.qos == 1, &packet_id));
    return result_posted(self, "publish", status, reply);
}

mp_obj_t device_subscribe(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    subscribe_args_t args;
    subscribe_args(data, &args);
    int32_t status;
    CORE_CALL(&self->core, status, aliyun_iot_subscribe(self->core.device, args.topic, args.qos == 1));
    return result_queued(self, "subscribe", status);
}

mp_obj_t device_unsubscribe(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    unsubscribe_args_t args;
    unsubscribe_args(data, &args);
    int32_t status;
    CORE_CALL(&self->core, status, aliyun_iot_unsubscribe(self->core.device, args.topic));
    return result_queued(self, "unsubscribe", status);
}
