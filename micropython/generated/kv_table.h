// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Functions: FIXED(name, arguments), OPTIONAL(name, least arguments, most arguments).
#define KV_FUNCTIONS(FIXED, OPTIONAL) \
    FIXED(get, 1) \
    FIXED(set, 2) \
    FIXED(remove, 1) \

