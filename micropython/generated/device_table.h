// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Methods, counted with self: FIXED(function, name, arguments), OPTIONAL(function, name, least, most).
#define DEVICE_METHODS(FIXED, OPTIONAL) \
    FIXED(device_on, on, 3) \
    FIXED(device_connect, connect, 2) \
    FIXED(device_end, end, 1) \
    FIXED(device_getDeviceInfo, getDeviceInfo, 1) \
    FIXED(device_getDeviceHandle, getDeviceHandle, 1) \
    FIXED(device_poll, poll, 1) \
    OPTIONAL(device_publish, publish, 2, 3) \
    FIXED(device_subscribe, subscribe, 2) \
    FIXED(device_unsubscribe, unsubscribe, 2) \
    FIXED(device_register, register, 3) \
    FIXED(device_onProps, onProps, 2) \
    OPTIONAL(device_postProps, postProps, 2, 3) \
    OPTIONAL(device_postEvent, postEvent, 2, 3) \
    FIXED(device_onService, onService, 2) \
    OPTIONAL(device_reply, reply, 2, 4) \
    OPTIONAL(device_postRaw, postRaw, 2, 3) \
    FIXED(device_getNtpTime, getNtpTime, 2) \
    FIXED(device_setClock, setClock, 1) \
    OPTIONAL(device_uploadFile, uploadFile, 2, 4) \
    OPTIONAL(device_uploadContent, uploadContent, 3, 4) \
    FIXED(device_getDesired, getDesired, 3) \
    OPTIONAL(device_deleteDesired, deleteDesired, 2, 3) \
    FIXED(device_onDesired, onDesired, 3) \

// Constants that are not events: X(name, value).
#define DEVICE_VALUES(X) \
    X(LATER, -100) \

