// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Classes: X(name, prefix in C).
#define ALIYUNIOT_CLASSES(X) \
    X(Device, device) \

