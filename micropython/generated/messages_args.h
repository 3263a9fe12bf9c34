// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

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
