// Desired properties: values that the platform keeps until the device asks for them.

#include "base/args.h"
#include "base/json.h"
#include "base/port.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/device_errors.h"

// Bytes of memory that the core needs for each property that it follows, beside the names.
#define VERSION_SIZE (4)
// A small int on every board.
#define VERSION_MAX (0x3fffffff)

typedef struct {
    mp_obj_t callback; // of onDesired, or MP_OBJ_NULL
    byte *memory;      // the core's, for what it follows
} desired_t;

extern const service_t desired_service;

static desired_t *state(device_obj_t *self) {
    return service_state(self, &desired_service);
}

// ---- Arguments ----

// The JSON of a list of names, a str. The core checks their characters.
static mp_obj_t json_of_names(const char *method, mp_obj_t names, size_t *count) {
    if (!mp_obj_is_type(names, &mp_type_list) && !mp_obj_is_type(names, &mp_type_tuple)) {
        arg_wrong_type(names, "names", "a list of str");
    }
    mp_obj_t *items;
    mp_obj_get_array(names, count, &items);
    for (size_t i = 0; i < *count; i++) {
        if (!mp_obj_is_str(items[i])) {
            arg_wrong_type(items[i], "names", "a list of str");
        }
    }
    return json_of(names, method, "names");
}

// What the platform wants of a value that is to be deleted: `{"version": n}`, or `{}` for any version.
static mp_obj_t version_of(mp_obj_t version) {
    if (mp_obj_is_dict_or_ordereddict(version)) {
        // What a callback has got has the value as well.
        version = arg_get(version, MP_QSTR_version);
    }
    mp_obj_t dict = mp_obj_new_dict(1);
    if (version != MP_OBJ_NULL && version != mp_const_none) {
        runtime_set(dict, MP_QSTR_version, mp_obj_new_int(arg_int(version, "version", 0, VERSION_MAX)));
    }
    return dict;
}

static mp_obj_t json_of_versions(mp_obj_t versions) {
    if (!mp_obj_is_dict_or_ordereddict(versions)) {
        arg_wrong_type(versions, "versions", "a dict");
    }
    mp_obj_t params = mp_obj_new_dict(0), name;
    mp_obj_iter_buf_t room;
    mp_obj_t names = mp_getiter(versions, &room);
    while ((name = mp_iternext(names)) != MP_OBJ_STOP_ITERATION) {
        arg_text(name, "versions");
        mp_obj_subscr(params, name, version_of(mp_obj_subscr(versions, name, MP_OBJ_SENTINEL)));
    }
    return json_of(params, "deleteDesired", "versions");
}

// The core names a byte of the JSON, which the script has not written.
static void check_names(const char *method, int32_t status) {
    if (status == ALIYUN_IOT_STATUS_JSON) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): %s"), method,
            "give 1 or more names, each 1 to 64 of A-Z a-z 0-9 _ - . : (onDesired: at most 32)");
    }
}

// ---- Methods ----

mp_obj_t device_getDesired(mp_obj_t self_in, mp_obj_t names_in, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    callback_check("getDesired", callback);
    size_t count;
    aliyun_iot_bytes names = arg_text(json_of_names("getDesired", names_in, &count), "names");
    reply_t *reply = replies_new("getDesired", callback);
    int32_t status;
    uint32_t id = 0;
    DEVICE_POST(self, "getDesired", status, reply, REPLY_POST, id,
        aliyun_iot_get_desired(self->core.device, names, &id, port_ticks_ms()));
    check_names("getDesired", status);
    return result_posted(self, "getDesired", status, reply);
}

mp_obj_t device_deleteDesired(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    aliyun_iot_bytes versions = arg_text(json_of_versions(arguments[1]), "versions");
    reply_t *reply = replies_new("deleteDesired", n_args > 2 ? arguments[2] : mp_const_none);
    int32_t status;
    uint32_t id = 0;
    DEVICE_POST(self, "deleteDesired", status, reply, REPLY_POST, id,
        aliyun_iot_delete_desired(self->core.device, versions, reply == NULL ? NULL : &id, port_ticks_ms()));
    check_names("deleteDesired", status);
    return result_posted(self, "deleteDesired", status, reply);
}

mp_obj_t device_onDesired(mp_obj_t self_in, mp_obj_t names_in, mp_obj_t callback_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    desired_t follow = { .callback = callback_or_null("onDesired", callback_in), .memory = NULL };
    aliyun_iot_bytes names = { NULL, 0 };
    aliyun_iot_buffer memory = { NULL, 0 };
    if (follow.callback != MP_OBJ_NULL) {
        size_t count;
        names = arg_text(json_of_names("onDesired", names_in, &count), "names");
        memory.len = names.len + count * VERSION_SIZE;
        memory.data = follow.memory = m_new(byte, memory.len);
    }
    int32_t status;
    CORE_CALL(&self->core, status, aliyun_iot_follow_desired(self->core.device, names, memory);
        if (status >= 0) {
            *state(self) = follow;
        });
    runtime_settle(follow.memory);
    check_names("onDesired", status);
    return result_queued(self, "onDesired", status);
}

// ---- Events ----

static mp_obj_t object_of(aliyun_iot_bytes json) {
    mp_obj_t text = runtime_text(json);
    return runtime_call(runtime_import(MP_QSTR_json), MP_QSTR_loads, 1, &text);
}

static mp_obj_t words_of(aliyun_iot_bytes message, const char *otherwise) {
    return message.len > 0 ? runtime_text(message) : runtime_words(otherwise);
}

static void on_reply(device_obj_t *self, const aliyun_iot_desired_reply *reply) {
    mp_obj_t data = reply->data.len > 0 ? object_of(reply->data) : MP_OBJ_NULL;
    if (!replies_call(&self->replies, REPLY_POST, reply->id, reply->code, reply->message, data) && reply->code != REPLY_OK) {
        error_report(self, reply->code, words_of(reply->message, "deleteDesired(): the platform refused the request"));
    }
}

static void on_values(device_obj_t *self, aliyun_iot_bytes data) {
    mp_obj_t callback = state(self)->callback;
    if (callback != MP_OBJ_NULL) {
        callback_call(&self->calls, "onDesired", callback, object_of(data));
    }
}

static void on_failed(device_obj_t *self, const aliyun_iot_desired_failed *failed) {
    // What the platform has not said is a code of ours.
    int code = failed->code == ALIYUN_IOT_STATUS_GIVEN_UP ? ERROR_GIVEN_UP : failed->code > 0 ? failed->code : ERROR_NO_DESIRED;
    error_report(self, code, words_of(failed->message, "onDesired(): the device did not get the desired values"));
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_DESIRED_REPLY:
            on_reply(self, &event->as.desired.reply);
            break;
        case ALIYUN_IOT_EVENT_DESIRED_NO_REPLY:
            replies_fail_request(&self->replies, event->as.desired.no_reply.id, event->as.desired.no_reply.cause);
            break;
        case ALIYUN_IOT_EVENT_DESIRED_VALUES:
            on_values(self, event->as.desired.values.data);
            break;
        case ALIYUN_IOT_EVENT_DESIRED_FAILED:
            on_failed(self, &event->as.desired.failed);
            break;
    }
}

static void on_closed(device_obj_t *self) {
    CORE_LOCKED(&self->core, *state(self) = (desired_t) { 0 });
}

const service_t desired_service = {
    .family = ALIYUN_IOT_EVENT_DESIRED_REPLY,
    .state_size = sizeof(desired_t),
    .on_event = on_event,
    .on_closed = on_closed,
};
