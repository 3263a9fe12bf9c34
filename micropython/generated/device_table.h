// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Methods, counted with self: FIXED(name, arguments), OPTIONAL(name, least arguments, most arguments).
#define DEVICE_METHODS(FIXED, OPTIONAL) \
    FIXED(on, 3) \
    FIXED(connect, 2) \
    FIXED(end, 1) \
    FIXED(getDeviceInfo, 1) \
    FIXED(getDeviceHandle, 1) \
    FIXED(poll, 1) \
    OPTIONAL(publish, 2, 3) \
    FIXED(subscribe, 2) \
    FIXED(unsubscribe, 2) \
    FIXED(register, 3) \
    FIXED(onProps, 2) \
    OPTIONAL(postProps, 2, 3) \
    OPTIONAL(postEvent, 2, 3) \
    FIXED(onService, 2) \
    OPTIONAL(reply, 2, 4) \
    OPTIONAL(postRaw, 2, 3) \
    FIXED(getNtpTime, 2) \
    FIXED(setClock, 1) \
    OPTIONAL(uploadFile, 2, 4) \
    OPTIONAL(uploadContent, 3, 4) \

// Constants that are not events: X(name, value).
#define DEVICE_VALUES(X) \
    X(LATER, -100) \

