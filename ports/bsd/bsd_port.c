#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <stdio.h>
#include <string.h>

#include "bsd_port.h"

#include "bsd_sockets.h"

enum { STAGE_CLOSED, STAGE_CONNECTING, STAGE_HANDSHAKE, STAGE_UP };

// What a socket is waited for.
enum { TO_READ = 1, TO_WRITE = 2 };

uint32_t bsd_port_now_ms(void) {
#if BSD_PORT_LWIP
    return sys_now();
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
#endif
}

bool bsd_port_seed(uint32_t *seed) {
#if BSD_PORT_LWIP && defined(LWIP_RAND)
    *seed = (uint32_t)LWIP_RAND();
    return true;
#elif BSD_PORT_LWIP
    (void)seed;
    return false;
#else
    return getentropy(seed, sizeof *seed) == 0;
#endif
}

const char *bsd_port_words(const bsd_port *port) {
    return port->words;
}

void bsd_port_init(bsd_port *port, aliyun_iot_device *device, bsd_tls *tls) {
    memset(port, 0, sizeof *port);
    port->device = device;
    port->tls = tls;
    port->fd = port->wake = -1;
    port->stage = STAGE_CLOSED;
}

// ---- Opening and closing ----

// The functions of `bsd_tls` stand in parentheses where they are called: lwIP may have macros of the same names.

void bsd_port_close(bsd_port *port) {
    if (port->secured) {
        (port->tls->close)(port->tls);
    }
    if (port->fd >= 0) {
        BSD_SOCKETS(close)(port->fd);
    }
    if (port->addresses != NULL) {
        BSD_SOCKETS(freeaddrinfo)(port->addresses);
    }
    port->fd = -1;
    port->addresses = port->next = NULL;
    port->secured = port->more = false;
    port->stage = STAGE_CLOSED;
}

// The link of this attempt is gone. The code comes back in the event; 0 is the end of the stream.
static void lost(bsd_port *port, int code, const char *words) {
    bsd_port_close(port);
    port->words = words;
    aliyun_iot_link_lost(port->device, port->attempt, code, bsd_port_now_ms());
}

static void lost_socket(bsd_port *port, int error) {
    lost(port, error, bsd_error_words(error));
}

static void lost_tls(bsd_port *port, int error) {
    lost(port, error, port->tls->words(port->tls, error));
}

static void up(bsd_port *port) {
    BSD_SOCKETS(freeaddrinfo)(port->addresses);
    port->addresses = port->next = NULL;
    port->stage = STAGE_UP;
    port->to_read = TO_READ;
    port->to_write = 0;
    aliyun_iot_link_up(port->device, port->attempt, bsd_port_now_ms());
}

// Notes what TLS waits for, if that is what `result` says.
static bool waits(int result, short *events) {
    if (result == BSD_TLS_WANT_READ) {
        *events = TO_READ;
    } else if (result == BSD_TLS_WANT_WRITE) {
        *events = TO_WRITE;
    } else {
        return false;
    }
    return true;
}

static void handshake(bsd_port *port) {
    int result = port->tls->handshake(port->tls);
    if (result == 0) {
        port->more = true; // its last read may have brought more than the handshake
        up(port);
    } else if (!waits(result, &port->to_read)) {
        lost_tls(port, result);
    }
}

// TCP is up.
static void connected(bsd_port *port) {
    aliyun_iot_link wanted;
    aliyun_iot_link_wanted(port->device, &wanted);
    if (!wanted.tls) {
        up(port);
        return;
    }
    char host[256]; // no name is longer (RFC 1035, 2.3.4)
    snprintf(host, sizeof host, "%.*s", (int)wanted.host.len, (const char *)wanted.host.data);
    port->secured = true;
    port->stage = STAGE_HANDSHAKE;
    int error = port->tls->open(port->tls, port->fd, host);
    if (error != 0) {
        lost_tls(port, error);
    } else {
        handshake(port);
    }
}

static void do_not_block(int fd) {
#if BSD_PORT_LWIP
    // Not by O_NONBLOCK, of which the C library may have another one than lwIP.
    int on = 1;
    BSD_SOCKETS(ioctl)(fd, (long)FIONBIO, &on);
#else
    fcntl(fd, F_SETFL, O_NONBLOCK);
#endif
}

// A name has several addresses, and not every one can be reached. `error` is told if none is left.
static void connect_next(bsd_port *port, int error) {
    while (port->next != NULL) {
        struct addrinfo *address = port->next;
        port->next = address->ai_next;
        if (port->fd >= 0) {
            BSD_SOCKETS(close)(port->fd);
        }
        port->fd = BSD_SOCKETS(socket)(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (port->fd >= 0) {
            int on = 1;
            BSD_SOCKETS(setsockopt)(port->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // a packet is one write: send it at once
#ifdef SO_NOSIGPIPE
            BSD_SOCKETS(setsockopt)(port->fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
            do_not_block(port->fd);
            port->stage = STAGE_CONNECTING;
            if (BSD_SOCKETS(connect)(port->fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS) {
                return;
            }
        }
        error = errno;
    }
    lost_socket(port, error);
}

static void finish_connect(bsd_port *port) {
    int error = 0;
    socklen_t len = sizeof error;
    if (BSD_SOCKETS(getsockopt)(port->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    }
    if (error != 0) {
        connect_next(port, error);
    } else {
        connected(port);
    }
}

static void open_link(bsd_port *port, const aliyun_iot_link *wanted) {
    port->attempt = wanted->attempt;
    if (wanted->tls && port->tls == NULL) {
        lost(port, EPROTONOSUPPORT, "TLS is wanted, and this program has none");
        return;
    }
    char host[256], service[6];
    snprintf(host, sizeof host, "%.*s", (int)wanted->host.len, (const char *)wanted->host.data);
    snprintf(service, sizeof service, "%u", (unsigned)wanted->port);
    // For each attempt, as servers move. This is the one call here that blocks.
    struct addrinfo hints;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    int error = BSD_SOCKETS(getaddrinfo)(host, service, &hints, &port->addresses);
    if (error != 0) {
        port->addresses = NULL;
        lost(port, error, "the host's name was not found");
        return;
    }
    port->next = port->addresses;
    connect_next(port, EHOSTUNREACH);
}

// Has the link be as the library wants it: time limits and waits between attempts are the library's.
static void follow(bsd_port *port) {
    aliyun_iot_link wanted;
    aliyun_iot_link_wanted(port->device, &wanted);
    if (port->stage != STAGE_CLOSED && (!wanted.open || wanted.attempt != port->attempt)) {
        bsd_port_close(port);
    }
    if (wanted.open && port->stage == STAGE_CLOSED) {
        open_link(port, &wanted);
    }
}

// ---- Bytes ----

// One read: its events are told before the next, since the end of the stream would drop them.
static void receive(bsd_port *port) {
    size_t room = 0;
    uint8_t *space = aliyun_iot_space(port->device, &room);
    if (space == NULL) {
        return;
    }
    port->more = false;
    if (port->secured) {
        port->to_read = TO_READ;
        int count = (port->tls->read)(port->tls, space, room);
        if (count > 0) {
            port->more = true;
            aliyun_iot_received(port->device, (size_t)count, bsd_port_now_ms());
        } else if (count == 0) {
            lost(port, 0, NULL);
        } else if (!waits(count, &port->to_read)) {
            lost_tls(port, count);
        }
        return;
    }
    ssize_t count = BSD_SOCKETS(recv)(port->fd, space, room, 0);
    if (count > 0) {
        aliyun_iot_received(port->device, (size_t)count, bsd_port_now_ms());
    } else if (count == 0) {
        lost(port, 0, NULL);
    } else if (!bsd_is_transient(errno)) {
        lost_socket(port, errno);
    }
}

// Sends all that waits, as far as the link takes it; true if something went.
static bool transmit(bsd_port *port) {
    bool any = false;
    while (port->stage == STAGE_UP) {
        aliyun_iot_bytes packet = aliyun_iot_to_send(port->device); // asked each time: other calls may move it
        port->to_write = 0;
        if (packet.len == 0) {
            break;
        }
        if (port->secured) {
            int count = (port->tls->write)(port->tls, packet.data, packet.len);
            if (count >= 0) {
                aliyun_iot_sent(port->device, (size_t)count, bsd_port_now_ms());
            } else if (waits(count, &port->to_write)) {
                break;
            } else {
                lost_tls(port, count);
            }
        } else {
            ssize_t count = BSD_SOCKETS(send)(port->fd, packet.data, packet.len, MSG_NOSIGNAL);
            if (count >= 0) {
                aliyun_iot_sent(port->device, (size_t)count, bsd_port_now_ms());
            } else if (bsd_is_transient(errno)) {
                port->to_write = TO_WRITE;
                break;
            } else {
                lost_socket(port, errno);
            }
        }
        any = true;
    }
    return any;
}

void bsd_port_send(bsd_port *port) {
    transmit(port);
}

// ---- The turn ----

// Tells all events and sends all that waits; true if there was anything.
static bool serve(bsd_port *port) {
    bool any = false;
    bool sent;
    do { // again when room was made: what poll() could not queue would wait for the next wake-up
        aliyun_iot_event event;
        while (aliyun_iot_poll(port->device, &event, bsd_port_now_ms())) {
            any = true;
            if (port->tell != NULL) {
                port->tell(port->context, &event);
            }
        }
        sent = transmit(port);
        any |= sent;
    } while (sent);
    return any;
}

// Whether the library takes bytes now. While it does not, waiting for them would spin.
static bool takes(const bsd_port *port) {
    size_t room = 0;
    return port->stage == STAGE_UP && aliyun_iot_space(port->device, &room) != NULL;
}

// What the socket is waited for.
static short events(const bsd_port *port) {
    switch (port->stage) {
        case STAGE_CONNECTING:
            return TO_WRITE;
        case STAGE_HANDSHAKE:
            return port->to_read;
        default:
            return (short)((takes(port) ? port->to_read : 0) | port->to_write);
    }
}

// Waits for the socket and for `wake`, -1 for none; whether each is ready.
#if BSD_PORT_SELECT
static void wait_for_both(const bsd_port *port, uint32_t ms, bool *socket_is, bool *wake_is) {
    fd_set readable, writable, failed;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&failed);
    int last = port->fd > port->wake ? port->fd : port->wake;
    if (port->fd >= 0) {
        if (events(port) & TO_READ) {
            FD_SET(port->fd, &readable);
        }
        if (events(port) & TO_WRITE) {
            FD_SET(port->fd, &writable);
        }
        FD_SET(port->fd, &failed);
    }
    if (port->wake >= 0) {
        FD_SET(port->wake, &readable);
    }
    struct timeval limit;
    limit.tv_sec = (long)(ms / 1000);
    limit.tv_usec = (long)(ms % 1000 * 1000);
    if (BSD_SOCKETS(select)(last + 1, &readable, &writable, &failed, ms == UINT32_MAX ? NULL : &limit) <= 0) {
        return;
    }
    if (port->fd >= 0) {
        *socket_is = FD_ISSET(port->fd, &readable) || FD_ISSET(port->fd, &writable) || FD_ISSET(port->fd, &failed);
    }
    *wake_is = port->wake >= 0 && FD_ISSET(port->wake, &readable);
}
#else
static void wait_for_both(const bsd_port *port, uint32_t ms, bool *socket_is, bool *wake_is) {
    struct pollfd waiting[2];
    memset(waiting, 0, sizeof waiting);
    nfds_t count = 0;
    if (port->fd >= 0) {
        short wanted = events(port);
        waiting[count].fd = port->fd;
        waiting[count++].events = (short)((wanted & TO_READ ? POLLIN : 0) | (wanted & TO_WRITE ? POLLOUT : 0));
    }
    if (port->wake >= 0) {
        waiting[count].fd = port->wake;
        waiting[count++].events = POLLIN;
    }
    int limit = ms == UINT32_MAX ? -1 : ms > INT_MAX ? INT_MAX : (int)ms;
    // lwIP takes no array without an entry.
    if (BSD_SOCKETS(poll)(count > 0 ? waiting : NULL, count, limit) <= 0) {
        return;
    }
    *socket_is = port->fd >= 0 && waiting[0].revents != 0;
    *wake_is = port->wake >= 0 && waiting[count - 1].revents != 0;
}
#endif

// Takes a byte or more from `wake`; false if there is none.
static bool rung(int wake) {
    uint8_t bytes[16];
#if BSD_PORT_LWIP
    return BSD_SOCKETS(recv)(wake, bytes, sizeof bytes, MSG_DONTWAIT) > 0;
#else
    return read(wake, bytes, sizeof bytes) > 0;
#endif
}

// Waits; true if the socket can go on.
static bool wait_for(const bsd_port *port, uint32_t ms) {
    bool socket_is = false, wake_is = false;
    wait_for_both(port, ms, &socket_is, &wake_is);
    while (wake_is && rung(port->wake)) {
    }
    return socket_is;
}

void bsd_port_turn(bsd_port *port, uint32_t at_most_ms) {
    bool told = serve(port);
    follow(port); // after serve(), since that may begin an attempt, whose time runs
    bool at_once = told || (port->more && takes(port));
    uint32_t ms = at_once ? 0 : aliyun_iot_poll_in(port->device, bsd_port_now_ms());
    bool ready = wait_for(port, ms < at_most_ms ? ms : at_most_ms);
    switch (port->stage) {
        case STAGE_CONNECTING:
            if (ready) {
                finish_connect(port);
            }
            break;
        case STAGE_HANDSHAKE:
            if (ready) {
                handshake(port);
            }
            break;
        case STAGE_UP:
            if (ready || port->more) {
                receive(port);
            }
            break;
    }
    serve(port);
}
