// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

typedef struct {
    aliyun_iot_bytes param;
} postRaw_args_t;

static const char *const postRaw_keys[] = { "param", "params", NULL };

static void postRaw_args(mp_obj_t data, postRaw_args_t *args) {
    arg_dict(data, "postRaw", postRaw_keys);
    args->param = arg_data(arg_required(data, arg_either(arg_get(data, MP_QSTR_param), arg_get(data, MP_QSTR_params)), "postRaw", "param", postRaw_keys), "param");
}
