// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Functions: FIXED(function, name, arguments), OPTIONAL(function, name, least, most).
#define KV_FUNCTIONS(FIXED, OPTIONAL) \
    FIXED(kv_get, get, 1) \
    FIXED(kv_set, set, 2) \
    FIXED(kv_remove, remove, 1) \

