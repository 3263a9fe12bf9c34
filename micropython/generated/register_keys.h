// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
#ifndef ALIYUN_IOT_GENERATED_REGISTER_KEYS_H
#define ALIYUN_IOT_GENERATED_REGISTER_KEYS_H

// Values of the key `cloud`: X(value), by number.
#define REGISTER_CLOUDS(X) \
    X(aliyun) \
    X(tencent) \
    X(onenet) \
    X(huawei) \

// All keys; one that the case does not have is as one that was not given.
typedef struct {
    unsigned cloud; // by number
    aliyun_iot_bytes productKey;
    aliyun_iot_bytes deviceName;
    aliyun_iot_bytes productSecret;
    aliyun_iot_bytes region;
    mp_int_t keepaliveSec;
    aliyun_iot_bytes instanceId;
    aliyun_iot_bytes authType;
    aliyun_iot_bytes signMethod;
    aliyun_iot_bytes host;
    mp_int_t port;
    bool tls;
    aliyun_iot_bytes ca;
    aliyun_iot_bytes productId;
    bool legacy;
    aliyun_iot_bytes userId;
    aliyun_iot_bytes userKey;
    aliyun_iot_bytes endpoint;
    aliyun_iot_bytes projectId;
    aliyun_iot_bytes iamUser;
    aliyun_iot_bytes iamPassword;
    aliyun_iot_bytes iamDomain;
} register_args_t;

#endif
