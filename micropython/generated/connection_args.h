// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

typedef struct {
    aliyun_iot_bytes productKey;
    aliyun_iot_bytes deviceName;
    aliyun_iot_bytes deviceSecret;
    aliyun_iot_bytes region;
    mp_int_t keepaliveSec;
    aliyun_iot_bytes instanceId;
    aliyun_iot_bytes host;
    mp_int_t port;
    bool tls;
    aliyun_iot_bytes ca;
    aliyun_iot_bytes signMethod;
    bool cleanSession;
    mp_int_t connectTimeout;
    mp_int_t offlineQueue;
    mp_int_t rxBuffer;
} connect_args_t;

static const char *const connect_keys[] = { "productKey", "deviceName", "deviceSecret", "region", "keepaliveSec", "instanceId", "host", "port", "tls", "ca", "signMethod", "cleanSession", "connectTimeout", "offlineQueue", "rxBuffer", NULL };

static void connect_args(mp_obj_t data, connect_args_t *args) {
    arg_dict(data, "connect", connect_keys);
    args->productKey = arg_text(arg_required(data, arg_get(data, MP_QSTR_productKey), "connect", "productKey", connect_keys), "productKey");
    args->deviceName = arg_text(arg_required(data, arg_get(data, MP_QSTR_deviceName), "connect", "deviceName", connect_keys), "deviceName");
    args->deviceSecret = arg_text(arg_get(data, MP_QSTR_deviceSecret), "deviceSecret");
    args->region = arg_text(arg_get(data, MP_QSTR_region), "region");
    args->keepaliveSec = arg_clamped(arg_get(data, MP_QSTR_keepaliveSec), "keepaliveSec", 30, 1200);
    args->instanceId = arg_text(arg_get(data, MP_QSTR_instanceId), "instanceId");
    args->host = arg_text(arg_get(data, MP_QSTR_host), "host");
    args->port = arg_int(arg_get(data, MP_QSTR_port), "port", 1, 65535);
    args->tls = arg_bool(arg_get(data, MP_QSTR_tls), "tls", true);
    args->ca = arg_data(arg_get(data, MP_QSTR_ca), "ca");
    args->signMethod = arg_text(arg_get(data, MP_QSTR_signMethod), "signMethod");
    args->cleanSession = arg_bool(arg_get(data, MP_QSTR_cleanSession), "cleanSession", true);
    args->connectTimeout = arg_int(arg_get(data, MP_QSTR_connectTimeout), "connectTimeout", 1, 600);
    args->offlineQueue = arg_int(arg_get(data, MP_QSTR_offlineQueue), "offlineQueue", 0, 20);
    args->rxBuffer = arg_int(arg_get(data, MP_QSTR_rxBuffer), "rxBuffer", 256, 307200);
}
