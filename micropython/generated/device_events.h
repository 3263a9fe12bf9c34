// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

#define ALIYUN_IOT_ON_CONNECT (1)
#define ALIYUN_IOT_ON_CLOSE (2)
#define ALIYUN_IOT_ON_DISCONNECT (3)
#define ALIYUN_IOT_ON_SERVICE (5)
#define ALIYUN_IOT_ON_SUBCRIBE (6)
#define ALIYUN_IOT_ON_PROPS (7)
#define ALIYUN_IOT_ON_ERROR (8)
#define ALIYUN_IOT_ON_RAWDATA (10)
#define ALIYUN_IOT_LATER (-100)
#define ALIYUN_IOT_ON_COUNT (11)

// Events: X(name, value).
#define ALIYUN_IOT_EVENTS(X) \
    X(ON_CONNECT, 1) \
    X(ON_CLOSE, 2) \
    X(ON_DISCONNECT, 3) \
    X(ON_SERVICE, 5) \
    X(ON_SUBCRIBE, 6) \
    X(ON_PROPS, 7) \
    X(ON_ERROR, 8) \
    X(ON_RAWDATA, 10) \

