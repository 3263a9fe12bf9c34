// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.

// Codes of ON_ERROR beside those of the server.
enum {
    ERROR_TIMEOUT = -40,
    ERROR_KICKED = -41,
    ERROR_LINK = -42,
    ERROR_TLS = -43,
    ERROR_PEER = -44,
    ERROR_SUBSCRIPTION = -45,
    ERROR_OVERSIZE = -46,
    ERROR_NO_TIME = -47,
    ERROR_CLOCK = -48,
    ERROR_UPLOAD = -49,
    ERROR_STORE = -50,
    ERROR_GIVEN_UP = -51,
    ERROR_NO_DESIRED = -52,
};
