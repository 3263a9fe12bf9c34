#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#if defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#endif
#endif

#include "bsd_port.h"

// Where there is no such flag, a socket that the peer has closed raises no signal either, or has the option below.
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL (0)
#endif

enum { CLOSED, CONNECTING, HANDSHAKE, UP };

uint32_t bsd_port_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

bool bsd_port_seed(uint32_t *seed) {
    return getentropy(seed, sizeof *seed) == 0;
}

const char *bsd_port_words(const bsd_port *port) {
    return port->words;
}

void bsd_port_init(bsd_port *port, aliyun_iot_device *device, bsd_tls *tls) {
    *port = (bsd_port){ .device = device, .tls = tls, .fd = -1, .wake = -1, .stage = CLOSED };
}

// ---- Opening and closing ----

void bsd_port_close(bsd_port *port) {
    if (port->secured) {
        port->tls->close(port->tls);
    }
    if (port->fd >= 0) {
        close(port->fd);
    }
    if (port->addresses != NULL) {
        freeaddrinfo(port->addresses);
    }
    port->fd = -1;
    port->addresses = port->next = NULL;
    port->secured = port->more = false;
    port->stage = CLOSED;
}

// The link of this attempt is gone. The code comes back in the event; 0 is the end of the stream.
static void lost(bsd_port *port, int code, const char *words) {
    bsd_port_close(port);
    port->words = words;
    aliyun_iot_link_lost(port->device, port->attempt, code, bsd_port_now_ms());
}

static void lost_socket(bsd_port *port, int error) {
    lost(port, error, strerror(error));
}

static void lost_tls(bsd_port *port, int error) {
    lost(port, error, port->tls->words(port->tls, error));
}

static void up(bsd_port *port) {
    freeaddrinfo(port->addresses);
    port->addresses = port->next = NULL;
    port->stage = UP;
    port->to_read = POLLIN;
    port->to_write = 0;
    aliyun_iot_link_up(port->device, port->attempt, bsd_port_now_ms());
}

// Notes what TLS waits for, if that is what `result` says.
static bool waits(int result, short *events) {
    if (result == BSD_TLS_WANT_READ) {
        *events = POLLIN;
    } else if (result == BSD_TLS_WANT_WRITE) {
        *events = POLLOUT;
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
    port->stage = HANDSHAKE;
    int error = port->tls->open(port->tls, port->fd, host);
    if (error != 0) {
        lost_tls(port, error);
    } else {
        handshake(port);
    }
}

// A name has several addresses, and not every one can be reached. `error` is told if none is left.
static void connect_next(bsd_port *port, int error) {
    while (port->next != NULL) {
        struct addrinfo *address = port->next;
        port->next = address->ai_next;
        if (port->fd >= 0) {
            close(port->fd);
        }
        port->fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (port->fd >= 0) {
            int on = 1;
            setsockopt(port->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // a packet is one write: send it at once
#ifdef SO_NOSIGPIPE
            setsockopt(port->fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
            fcntl(port->fd, F_SETFL, O_NONBLOCK);
            port->stage = CONNECTING;
            if (connect(port->fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS) {
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
    if (getsockopt(port->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
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
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    int error = getaddrinfo(host, service, &hints, &port->addresses);
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
    if (port->stage != CLOSED && (!wanted.open || wanted.attempt != port->attempt)) {
        bsd_port_close(port);
    }
    if (wanted.open && port->stage == CLOSED) {
        open_link(port, &wanted);
    }
}

// ---- Bytes ----

static bool is_transient(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// One read: its events are told before the next, since the end of the stream would drop them.
static void receive(bsd_port *port) {
    size_t room = 0;
    uint8_t *space = aliyun_iot_space(port->device, &room);
    if (space == NULL) {
        return;
    }
    port->more = false;
    if (port->secured) {
        port->to_read = POLLIN;
        int count = port->tls->read(port->tls, space, room);
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
    ssize_t count = recv(port->fd, space, room, 0);
    if (count > 0) {
        aliyun_iot_received(port->device, (size_t)count, bsd_port_now_ms());
    } else if (count == 0) {
        lost(port, 0, NULL);
    } else if (!is_transient(errno)) {
        lost_socket(port, errno);
    }
}

// Sends all that waits, as far as the link takes it; true if something went.
static bool transmit(bsd_port *port) {
    bool any = false;
    while (port->stage == UP) {
        aliyun_iot_bytes packet = aliyun_iot_to_send(port->device); // asked each time: other calls may move it
        port->to_write = 0;
        if (packet.len == 0) {
            break;
        }
        if (port->secured) {
            int count = port->tls->write(port->tls, packet.data, packet.len);
            if (count >= 0) {
                aliyun_iot_sent(port->device, (size_t)count, bsd_port_now_ms());
            } else if (waits(count, &port->to_write)) {
                break;
            } else {
                lost_tls(port, count);
            }
        } else {
            ssize_t count = send(port->fd, packet.data, packet.len, MSG_NOSIGNAL);
            if (count >= 0) {
                aliyun_iot_sent(port->device, (size_t)count, bsd_port_now_ms());
            } else if (is_transient(errno)) {
                port->to_write = POLLOUT;
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
    return port->stage == UP && aliyun_iot_space(port->device, &room) != NULL;
}

// What the socket is waited for.
static short events(const bsd_port *port) {
    switch (port->stage) {
        case CONNECTING:
            return POLLOUT;
        case HANDSHAKE:
            return port->to_read;
        default:
            return (short)((takes(port) ? port->to_read : 0) | port->to_write);
    }
}

// Waits; true if the socket can go on.
static bool wait_for(const bsd_port *port, uint32_t ms) {
    struct pollfd waiting[2];
    nfds_t count = 0;
    if (port->fd >= 0) {
        waiting[count++] = (struct pollfd){ .fd = port->fd, .events = events(port) };
    }
    if (port->wake >= 0) {
        waiting[count++] = (struct pollfd){ .fd = port->wake, .events = POLLIN };
    }
    int limit = ms == UINT32_MAX ? -1 : ms > INT_MAX ? INT_MAX : (int)ms;
    if (poll(waiting, count, limit) <= 0) {
        return false;
    }
    if (port->wake >= 0 && waiting[count - 1].revents != 0) {
        uint8_t rung[16];
        while (read(port->wake, rung, sizeof rung) > 0) {
        }
    }
    return port->fd >= 0 && waiting[0].revents != 0;
}

void bsd_port_turn(bsd_port *port, uint32_t at_most_ms) {
    bool told = serve(port);
    follow(port); // after serve(), since that may begin an attempt, whose time runs
    bool at_once = told || (port->more && takes(port));
    uint32_t ms = at_once ? 0 : aliyun_iot_poll_in(port->device, bsd_port_now_ms());
    bool ready = wait_for(port, ms < at_most_ms ? ms : at_most_ms);
    switch (port->stage) {
        case CONNECTING:
            if (ready) {
                finish_connect(port);
            }
            break;
        case HANDSHAKE:
            if (ready) {
                handshake(port);
            }
            break;
        case UP:
            if (ready || port->more) {
                receive(port);
            }
            break;
    }
    serve(port);
}
