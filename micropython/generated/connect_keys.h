// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
#ifndef ALIYUN_IOT_GENERATED_CONNECT_KEYS_H
#define ALIYUN_IOT_GENERATED_CONNECT_KEYS_H

// Values of the key `cloud`: X(value), by number.
#define CONNECT_CLOUDS(X) \
    X(aliyun) \
    X(tencent) \
    X(onenet) \
    X(huawei) \
    X(tuya) \
    X(baidu) \
    X(tlink) \
    X(plain) \

// All keys; one that the case does not have is as one that was not given.
typedef struct {
    unsigned cloud; // by number
    aliyun_iot_bytes productKey;
    aliyun_iot_bytes deviceName;
    aliyun_iot_bytes deviceSecret;
    aliyun_iot_bytes region;
    aliyun_iot_bytes instanceId;
    aliyun_iot_bytes signMethod;
    aliyun_iot_bytes clientId;
    aliyun_iot_bytes deviceToken;
    mp_int_t keepaliveSec;
    aliyun_iot_bytes host;
    mp_int_t port;
    bool tls;
    aliyun_iot_bytes ca;
    bool cleanSession;
    mp_int_t connectTimeout;
    mp_int_t offlineQueue;
    mp_int_t rxBuffer;
    bool services;
    aliyun_iot_bytes productId;
    aliyun_iot_bytes cert;
    aliyun_iot_bytes key;
    aliyun_iot_bytes productSecret;
    aliyun_iot_bytes endpoint;
    aliyun_iot_bytes serviceId;
    aliyun_iot_bytes userName;
    aliyun_iot_bytes password;
} connect_args_t;

#endif
