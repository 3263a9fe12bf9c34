// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

typedef struct {
    aliyun_iot_bytes params;
} postProps_args_t;

static const char *const postProps_keys[] = { "params", NULL };

static void postProps_args(mp_obj_t data, postProps_args_t *args) {
    arg_dict(data, "postProps", postProps_keys);
    args->params = arg_json(arg_required(data, arg_get(data, MP_QSTR_params), "postProps", "params", postProps_keys), "postProps", "params");
}

typedef struct {
    aliyun_iot_bytes id;
    aliyun_iot_bytes params;
} postEvent_args_t;

static const char *const postEvent_keys[] = { "id", "params", NULL };

static void postEvent_args(mp_obj_t data, postEvent_args_t *args) {
    arg_dict(data, "postEvent", postEvent_keys);
    args->id = arg_text(arg_required(data, arg_get(data, MP_QSTR_id), "postEvent", "id", postEvent_keys), "id");
    args->params = arg_json(arg_required(data, arg_get(data, MP_QSTR_params), "postEvent", "params", postEvent_keys), "postEvent", "params");
}
