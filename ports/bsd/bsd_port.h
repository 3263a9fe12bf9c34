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
// again. A `write` is called again with the same bytes and the same length, which may lie elsewhere in memory.
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
    // Whether `read` has something to return, or to go on with, that the socket does not show any more.
    bool (*pending)(bsd_tls *tls);
    // Ends the session, if there is one; the socket is the port's to close.
    void (*close)(bsd_tls *tls);
    // Words for an error, for people to read. They live until the next `open`.
    const char *(*words)(bsd_tls *tls, int error);
};

// One link of a device: its socket, and TLS over it. All fields are the port's own.
typedef struct bsd_link {
    aliyun_iot_device *device;
    const struct bsd_port *port;
    bsd_tls *tls;
    void *addresses, *next; // of the resolver; `addrinfo` is a macro on Zephyr
    const char *words;
    aliyun_iot_link_id id;
    int fd;
    uint16_t attempt;
    uint8_t stage;
    bool secured;
    bool more;               // the next read needs no wait
    short to_read, to_write; // the readiness that the next read and the next write wait for
    size_t offered;          // bytes of the write that TLS asked to repeat; 0 for none
} bsd_link;

// The links of one device. The struct must not move while the device lives.
typedef struct bsd_port {
    // Set these after bsd_port_init; each may stay as it is.
    void (*tell)(void *context, const aliyun_iot_event *event); // gets each event; NULL for none
    void *context;                                              // the first argument of `tell`
    int wake;                                                   // a non-blocking descriptor that ends the wait, or -1

    // For several threads: bsd_shared.c sets these. A turn is called with the lock held, and releases it during the wait, the
    // resolver and a handshake. NULL for none.
    void (*lock)(void *context);
    void (*unlock)(void *context);
    void *lock_context;
    bool changed; // another thread has called the library since the turn began: do not wait
    bool waiting; // the turn waits: only `wake` can end that

    // The port's own.
    aliyun_iot_device *device;
    bool skipped; // the last turn did not look at the sockets
    bsd_link links[ALIYUN_IOT_LINKS];
} bsd_port;

// Prepares the links of `device`. `tls` is for the session's link and `http_tls` for the link of HTTP requests, which may be
// open at the same time. Each may be NULL: an attempt that needs TLS then fails, and never uses plain TCP instead.
void bsd_port_init(bsd_port *port, aliyun_iot_device *device, bsd_tls *tls, bsd_tls *http_tls);

// Runs one turn: opens or closes links as the library asks, sends waiting packets, waits until a socket is ready (at most
// `at_most_ms`; UINT32_MAX for no limit), receives until nothing is left, and calls `tell` for each event. A turn that has
// called `tell` or sent something first does not wait. The resolver may block for longer.
void bsd_port_turn(bsd_port *port, uint32_t at_most_ms);

// Sends waiting packets without a turn, as far as the links accept them: for programs that publish much at a time. Do not
// call it from `tell`.
void bsd_port_send(bsd_port *port);

// Closes all links. Call it before you drop the device.
void bsd_port_close(bsd_port *port);

// Returns why the last attempt of a link failed or the link was lost, for people to read; NULL if the server closed it in
// order. Use it for an event whose loss has the cause ALIYUN_IOT_LOSS_LINK.
const char *bsd_port_words(const bsd_port *port, aliyun_iot_link_id link);

// Milliseconds on a clock that never goes back.
uint32_t bsd_port_now_ms(void);

// A random number for `aliyun_iot_init`; false if the system has none.
bool bsd_port_seed(uint32_t *seed);

#ifdef __cplusplus
}
#endif

#endif
