// The port over BSD sockets, for programs without MicroPython: a computer, or an RTOS whose network has this interface
// (ESP-IDF, Zephyr's POSIX layer) or plain lwIP with its socket layer. It opens and closes the link that the library wants,
// waits, moves bytes and hands over events. README.md says how to use it and what it needs.
#ifndef ALIYUN_IOT_BSD_PORT_H
#define ALIYUN_IOT_BSD_PORT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "aliyun_iot.h"

#ifdef __cplusplus
extern "C" {
#endif

// What a function of `bsd_tls` returns when it has to wait until the socket can be read or written; then it is called
// again.
#define BSD_TLS_WANT_READ (INT_MIN)
#define BSD_TLS_WANT_WRITE (INT_MIN + 1)

// TLS over a connected, non-blocking socket. `tls_mbedtls.h` has one; another stack fills in the same table. No
// function blocks. An error is any other number below 0.
typedef struct bsd_tls bsd_tls;
struct bsd_tls {
    // Begins a session on `fd` that verifies the server's chain and that it is `host`. 0, or an error.
    int (*open)(bsd_tls *tls, int fd, const char *host);
    // Goes on with the handshake. 0 when the server has proved who it is.
    int (*handshake)(bsd_tls *tls);
    // Returns how many bytes; 0 from `read` is the end of the stream.
    int (*read)(bsd_tls *tls, uint8_t *data, size_t room);
    int (*write)(bsd_tls *tls, const uint8_t *data, size_t len);
    // Ends the session, if there is one; the socket is the port's to close.
    void (*close)(bsd_tls *tls);
    // Words for an error, for people to read. They live until the next `open`.
    const char *(*words)(bsd_tls *tls, int error);
};

// One device's link. It must not move while the device lives.
typedef struct bsd_port {
    // The caller's, to be set after bsd_port_init; each may stay as it is.
    void (*tell)(void *context, const aliyun_iot_event *event); // gets each event; NULL for nobody
    void *context;                                              // for `tell`
    int wake;                                                   // a non-blocking descriptor that ends the wait, or -1

    // The port's own.
    aliyun_iot_device *device;
    bsd_tls *tls;
    struct addrinfo *addresses, *next;
    const char *words;
    int fd;
    uint16_t attempt;
    uint8_t stage;
    bool secured;
    bool more;               // TLS may hold bytes that the socket does not show
    short to_read, to_write; // what is waited for before the next read, before the next write
} bsd_port;

// Prepares a link for `device`. `tls` may be NULL: then a device that wants TLS is told that there is none, and never
// gets plain TCP instead.
void bsd_port_init(bsd_port *port, aliyun_iot_device *device, bsd_tls *tls);

// One turn: opens or closes the link as the library wants it, sends what waits, waits until something can be done (at
// most `at_most_ms`; UINT32_MAX for no limit), receives, and tells the events. Does not wait if it has told or sent
// something before. Blocks for longer only in the resolver, when a name is looked up.
void bsd_port_turn(bsd_port *port, uint32_t at_most_ms);

// Sends what waits, as far as the link takes it, without a turn: for who publishes much at a time. Not from `tell`.
void bsd_port_send(bsd_port *port);

// Closes the link, whatever the library wants. Call it when the device is done with.
void bsd_port_close(bsd_port *port);

// Why the last attempt failed or the last link was lost, for people to read; NULL if the server closed it in order.
// Worth asking for in an event whose loss is ALIYUN_IOT_LOSS_LINK.
const char *bsd_port_words(const bsd_port *port);

// Milliseconds on a clock that never goes back.
uint32_t bsd_port_now_ms(void);

// A random number for `aliyun_iot_init`; false if the system has none.
bool bsd_port_seed(uint32_t *seed);

#ifdef __cplusplus
}
#endif

#endif
