// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

#define DEVICE_ON_CONNECT (1)
#define DEVICE_ON_CLOSE (2)
#define DEVICE_ON_DISCONNECT (3)
#define DEVICE_ON_SERVICE (5)
#define DEVICE_ON_SUBCRIBE (6)
#define DEVICE_ON_PROPS (7)
#define DEVICE_ON_ERROR (8)
#define DEVICE_ON_RAWDATA (10)
#define DEVICE_LATER (-100)
#define DEVICE_ON_COUNT (11)

// Events: X(name, value).
#define DEVICE_EVENTS(X) \
    X(ON_CONNECT, 1) \
    X(ON_CLOSE, 2) \
    X(ON_DISCONNECT, 3) \
    X(ON_SERVICE, 5) \
    X(ON_SUBCRIBE, 6) \
    X(ON_PROPS, 7) \
    X(ON_ERROR, 8) \
    X(ON_RAWDATA, 10) \

