// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Methods, counted with self: FIXED(name, arguments), OPTIONAL(name, least arguments, most arguments).
#define ALIYUN_IOT_METHODS(FIXED, OPTIONAL) \
    FIXED(on, 3) \
    FIXED(onProps, 2) \
    FIXED(onService, 2) \
    FIXED(register, 3) \
    FIXED(connect, 2) \
    FIXED(end, 1) \
    FIXED(getDeviceInfo, 1) \
    FIXED(getDeviceHandle, 1) \
    FIXED(poll, 1) \
    OPTIONAL(postProps, 2, 3) \
    OPTIONAL(postEvent, 2, 3) \
    OPTIONAL(postRaw, 2, 3) \
    OPTIONAL(reply, 2, 4) \
    OPTIONAL(publish, 2, 3) \
    FIXED(subscribe, 2) \
    FIXED(unsubscribe, 2) \
    FIXED(getNtpTime, 2) \
    FIXED(setClock, 1) \
    OPTIONAL(uploadFile, 2, 4) \
    OPTIONAL(uploadContent, 3, 4) \

// Other constants: X(name, value).
#define ALIYUN_IOT_VALUES(X) \
    X(LATER, -100) \

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
    args->tls = arg_bool(arg_get(data, MP_QSTR_tls), true);
    args->ca = arg_data(arg_get(data, MP_QSTR_ca), "ca");
    args->signMethod = arg_text(arg_get(data, MP_QSTR_signMethod), "signMethod");
    args->cleanSession = arg_bool(arg_get(data, MP_QSTR_cleanSession), true);
    args->connectTimeout = arg_int(arg_get(data, MP_QSTR_connectTimeout), "connectTimeout", 1, 600);
    args->offlineQueue = arg_int(arg_get(data, MP_QSTR_offlineQueue), "offlineQueue", 0, 20);
    args->rxBuffer = arg_int(arg_get(data, MP_QSTR_rxBuffer), "rxBuffer", 256, 307200);
}

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

typedef struct {
    aliyun_iot_bytes param;
} postRaw_args_t;

static const char *const postRaw_keys[] = { "param", "params", NULL };

static void postRaw_args(mp_obj_t data, postRaw_args_t *args) {
    arg_dict(data, "postRaw", postRaw_keys);
    args->param = arg_data(arg_required(data, arg_either(arg_get(data, MP_QSTR_param), arg_get(data, MP_QSTR_params)), "postRaw", "param", postRaw_keys), "param");
}

typedef struct {
    aliyun_iot_bytes topic;
    aliyun_iot_bytes payload;
    mp_int_t qos;
} publish_args_t;

static const char *const publish_keys[] = { "topic", "payload", "qos", NULL };

static void publish_args(mp_obj_t data, publish_args_t *args) {
    arg_dict(data, "publish", publish_keys);
    args->topic = arg_text(arg_required(data, arg_get(data, MP_QSTR_topic), "publish", "topic", publish_keys), "topic");
    args->payload = arg_data(arg_get(data, MP_QSTR_payload), "payload");
    args->qos = arg_int(arg_get(data, MP_QSTR_qos), "qos", 0, 1);
}

typedef struct {
    aliyun_iot_bytes topic;
    mp_int_t qos;
} subscribe_args_t;

static const char *const subscribe_keys[] = { "topic", "qos", NULL };

static void subscribe_args(mp_obj_t data, subscribe_args_t *args) {
    arg_dict(data, "subscribe", subscribe_keys);
    args->topic = arg_text(arg_required(data, arg_get(data, MP_QSTR_topic), "subscribe", "topic", subscribe_keys), "topic");
    args->qos = arg_int(arg_get(data, MP_QSTR_qos), "qos", 0, 1);
}

typedef struct {
    aliyun_iot_bytes topic;
} unsubscribe_args_t;

static const char *const unsubscribe_keys[] = { "topic", NULL };

static void unsubscribe_args(mp_obj_t data, unsubscribe_args_t *args) {
    arg_dict(data, "unsubscribe", unsubscribe_keys);
    args->topic = arg_text(arg_required(data, arg_get(data, MP_QSTR_topic), "unsubscribe", "topic", unsubscribe_keys), "topic");
}
