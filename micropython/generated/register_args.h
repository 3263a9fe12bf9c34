// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

typedef struct {
    aliyun_iot_bytes productKey;
    aliyun_iot_bytes deviceName;
    aliyun_iot_bytes productSecret;
    aliyun_iot_bytes region;
    mp_int_t keepaliveSec;
    aliyun_iot_bytes instanceId;
    aliyun_iot_bytes authType;
    aliyun_iot_bytes host;
    mp_int_t port;
    bool tls;
    aliyun_iot_bytes ca;
    aliyun_iot_bytes signMethod;
} register_args_t;

static const char *const register_keys[] = { "productKey", "deviceName", "productSecret", "region", "keepaliveSec", "instanceId", "authType", "host", "port", "tls", "ca", "signMethod", NULL };

static void register_args(mp_obj_t data, register_args_t *args) {
    arg_dict(data, "register", register_keys);
    args->productKey = arg_text(arg_required(data, arg_get(data, MP_QSTR_productKey), "register", "productKey", register_keys), "productKey");
    args->deviceName = arg_text(arg_get(data, MP_QSTR_deviceName), "deviceName");
    args->productSecret = arg_text(arg_required(data, arg_get(data, MP_QSTR_productSecret), "register", "productSecret", register_keys), "productSecret");
    args->region = arg_text(arg_get(data, MP_QSTR_region), "region");
    args->keepaliveSec = arg_clamped(arg_get(data, MP_QSTR_keepaliveSec), "keepaliveSec", 30, 1200);
    args->instanceId = arg_text(arg_get(data, MP_QSTR_instanceId), "instanceId");
    args->authType = arg_text(arg_get(data, MP_QSTR_authType), "authType");
    args->host = arg_text(arg_get(data, MP_QSTR_host), "host");
    args->port = arg_int(arg_get(data, MP_QSTR_port), "port", 1, 65535);
    args->tls = arg_bool(arg_get(data, MP_QSTR_tls), "tls", true);
    args->ca = arg_data(arg_get(data, MP_QSTR_ca), "ca");
    args->signMethod = arg_text(arg_get(data, MP_QSTR_signMethod), "signMethod");
}
