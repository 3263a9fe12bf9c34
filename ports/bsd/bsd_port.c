#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <stdio.h>
#include <string.h>

#include "bsd_port.h"

#include "bsd_sockets.h"

enum { STAGE_CLOSED, STAGE_CONNECTING, STAGE_HANDSHAKE, STAGE_UP };

// Reads of a turn. A server that never stops sending leaves the program its turn.
#define READS_PER_TURN (32)

// What a socket is waited for.
enum { TO_READ = 1, TO_WRITE = 2 };

uint32_t bsd_port_now_ms(void) {
#if BSD_PORT_LWIP
    return sys_now();
#elif defined(__ZEPHYR__)
    return k_uptime_get_32();
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
#elif defined(__ZEPHYR__)
    *seed = sys_rand32_get();
    return true;
#else
    return getentropy(seed, sizeof *seed) == 0;
#endif
}

const char *bsd_port_words(const bsd_port *port, aliyun_iot_link_id link) {
    return link >= 0 && link < ALIYUN_IOT_LINKS ? port->links[link].words : NULL;
}

void bsd_port_init(bsd_port *port, aliyun_iot_device *device, bsd_tls *tls, bsd_tls *http_tls) {
    memset(port, 0, sizeof *port);
    port->device = device;
    port->wake = -1;
    for (aliyun_iot_link_id id = 0; id < ALIYUN_IOT_LINKS; id++) {
        bsd_link *link = &port->links[id];
        link->device = device;
        link->port = port;
        link->id = id;
        link->fd = -1;
        link->stage = STAGE_CLOSED;
        link->tls = id == ALIYUN_IOT_LINK_HTTP ? http_tls : tls;
    }
}

// ---- The lock ----

// Called around everything that may take long, so that other threads can call the library meanwhile.

static void unlock(const bsd_port *port) {
    if (port->unlock != NULL) {
        port->unlock(port->lock_context);
    }
}

static void lock(const bsd_port *port) {
    if (port->lock != NULL) {
        port->lock(port->lock_context);
    }
}

// ---- Opening and closing ----

// The functions of `bsd_tls` stand in parentheses where they are called: lwIP may have macros of the same names.

static void forget_addresses(bsd_link *link) {
    if (link->addresses != NULL) {
        BSD_SOCKETS(freeaddrinfo)((struct addrinfo *)link->addresses);
    }
    link->addresses = link->next = NULL;
}

static void close_link(bsd_link *link) {
    if (link->secured) {
        (link->tls->close)(link->tls);
    }
    if (link->fd >= 0) {
        BSD_SOCKETS(close)(link->fd);
    }
    forget_addresses(link);
    link->fd = -1;
    link->secured = link->more = false;
    link->offered = 0;
    link->stage = STAGE_CLOSED;
}

// Whether the library still wants this attempt. Another thread may have called it while the lock was released.
static bool is_wanted(const bsd_link *link) {
    aliyun_iot_link wanted;
    return aliyun_iot_link_wanted(link->device, link->id, &wanted) && wanted.attempt == link->attempt;
}

// The link of this attempt is gone. The event has the code; 0 is the end of the stream.
static void lost(bsd_link *link, int code, const char *words) {
    close_link(link);
    link->words = words;
    aliyun_iot_link_lost(link->device, link->id, link->attempt, code, bsd_port_now_ms());
}

static void lost_socket(bsd_link *link, int error) {
    lost(link, error, bsd_error_words(error));
}

static void lost_tls(bsd_link *link, int error) {
    lost(link, error, link->tls->words(link->tls, error));
}

static void up(bsd_link *link) {
    forget_addresses(link);
    link->stage = STAGE_UP;
    link->to_read = TO_READ;
    link->to_write = 0;
    aliyun_iot_link_up(link->device, link->id, link->attempt, bsd_port_now_ms());
}

// Whether `result` says that TLS waits, and for what.
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

static void handshake(bsd_link *link) {
    unlock(link->port);
    int result = link->tls->handshake(link->tls);
    lock(link->port);
    if (!is_wanted(link)) {
        close_link(link);
    } else if (result == 0) {
        link->more = (link->tls->pending)(link->tls); // its last read may have brought more than the handshake
        up(link);
    } else if (!waits(result, &link->to_read)) {
        lost_tls(link, result);
    }
}

// TCP is up.
static void connected(bsd_link *link) {
    aliyun_iot_link wanted;
    aliyun_iot_link_wanted(link->device, link->id, &wanted);
    if (!wanted.tls) {
        up(link);
        return;
    }
    char host[256]; // no name is longer (RFC 1035, 2.3.4)
    snprintf(host, sizeof host, "%.*s", (int)wanted.host.len, (const char *)wanted.host.data);
    link->secured = true;
    link->stage = STAGE_HANDSHAKE;
    int error = link->tls->open(link->tls, link->fd, host);
    if (error != 0) {
        lost_tls(link, error);
    } else {
        handshake(link);
    }
}

// Tries the next address of the name. If no address is left, the attempt has failed with `error`.
static void connect_next(bsd_link *link, int error) {
    while (link->next != NULL) {
        struct addrinfo *address = (struct addrinfo *)link->next;
        link->next = address->ai_next;
        if (link->fd >= 0) {
            BSD_SOCKETS(close)(link->fd);
        }
        link->fd = BSD_SOCKETS(socket)(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (link->fd >= 0) {
            int on = 1;
            BSD_SOCKETS(setsockopt)(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // a packet is one write: send it at once
#ifdef SO_NOSIGPIPE
            BSD_SOCKETS(setsockopt)(link->fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
            bsd_do_not_block(link->fd);
            link->stage = STAGE_CONNECTING;
            if (BSD_SOCKETS(connect)(link->fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS) {
                return;
            }
        }
        error = errno;
    }
    lost_socket(link, error);
}

static void finish_connect(bsd_link *link) {
    int error = 0;
    socklen_t len = sizeof error;
    if (BSD_SOCKETS(getsockopt)(link->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    }
    if (error != 0) {
        connect_next(link, error);
    } else {
        connected(link);
    }
}

static void open_link(bsd_link *link, const aliyun_iot_link *wanted) {
    link->attempt = wanted->attempt;
    if (wanted->tls && link->tls == NULL) {
        lost(link, EPROTONOSUPPORT, "TLS is wanted, and this program has none");
        return;
    }
    char host[256], service[6];
    snprintf(host, sizeof host, "%.*s", (int)wanted->host.len, (const char *)wanted->host.data);
    snprintf(service, sizeof service, "%u", (unsigned)wanted->port);
    // For each attempt, since servers move. No other call here blocks.
    struct addrinfo hints, *found;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    unlock(link->port);
    int error = BSD_SOCKETS(getaddrinfo)(host, service, &hints, &found);
    lock(link->port);
    link->addresses = link->next = error == 0 ? found : NULL;
    if (!is_wanted(link)) {
        close_link(link);
        return;
    }
    if (error != 0) {
        lost(link, error, "the host's name was not found");
        return;
    }
    connect_next(link, EHOSTUNREACH);
}

// Opens or closes the link as the library asks. Time limits and waits between attempts are the library's.
static void follow(bsd_link *link) {
    aliyun_iot_link wanted;
    aliyun_iot_link_wanted(link->device, link->id, &wanted);
    if (link->stage != STAGE_CLOSED && (!wanted.open || wanted.attempt != link->attempt)) {
        close_link(link);
    }
    if (wanted.open && link->stage == STAGE_CLOSED) {
        open_link(link, &wanted);
    }
}

// ---- Bytes ----

// Reads once. The events of one read come before the next read, since the end of the stream would drop them.
static void receive(bsd_link *link) {
    aliyun_iot_buffer space;
    if (!aliyun_iot_space(link->device, link->id, &space)) {
        return;
    }
    link->more = false;
    if (link->secured) {
        link->to_read = TO_READ;
        int count = (link->tls->read)(link->tls, space.data, space.len);
        if (count > 0) {
            aliyun_iot_received(link->device, link->id, (size_t)count, bsd_port_now_ms());
        } else if (count == 0) {
            lost(link, 0, NULL);
            return;
        } else if (!waits(count, &link->to_read)) {
            lost_tls(link, count);
            return;
        }
        link->more = link->to_read == TO_READ && (link->tls->pending)(link->tls);
        return;
    }
    ssize_t count = BSD_SOCKETS(recv)(link->fd, space.data, space.len, 0);
    if (count > 0) {
        link->more = (size_t)count == space.len;
        aliyun_iot_received(link->device, link->id, (size_t)count, bsd_port_now_ms());
    } else if (count == 0) {
        lost(link, 0, NULL);
    } else if (!bsd_is_transient(errno)) {
        lost_socket(link, errno);
    }
}

// Writes to TLS. A write that is to be repeated has the same length again: a TLS library has made a record of it, and
// would count bytes as sent that have been queued since.
static int write_tls(bsd_link *link, const aliyun_iot_bytes *waiting) {
    size_t len = link->offered > 0 && link->offered < waiting->len ? link->offered : waiting->len;
    int count = (link->tls->write)(link->tls, waiting->data, len);
    link->offered = count < 0 ? len : 0;
    return count;
}

// Writes once. Returns how many bytes; 0 if the link accepts none now, or is lost.
static size_t write_once(bsd_link *link, const aliyun_iot_bytes *waiting) {
    if (link->secured) {
        int count = write_tls(link, waiting);
        if (count < 0 && !waits(count, &link->to_write)) {
            lost_tls(link, count);
        }
        return count > 0 ? (size_t)count : 0;
    }
    ssize_t count = BSD_SOCKETS(send)(link->fd, waiting->data, waiting->len, MSG_NOSIGNAL);
    if (count < 0 && bsd_is_transient(errno)) {
        link->to_write = TO_WRITE;
    } else if (count < 0) {
        lost_socket(link, errno);
    }
    return count > 0 ? (size_t)count : 0;
}

// Sends waiting packets as far as the link accepts them; true if bytes were sent, or the link was lost.
static bool transmit(bsd_link *link) {
    bool any = false;
    bool all = false;
    link->to_write = 0;
    aliyun_iot_bytes waiting; // asked for each time: other calls may move it
    while (!all && link->stage == STAGE_UP && aliyun_iot_to_send(link->device, link->id, &waiting)) {
        size_t count = write_once(link, &waiting);
        if (count == 0) {
            return any || link->stage != STAGE_UP;
        }
        aliyun_iot_sent(link->device, link->id, count, bsd_port_now_ms());
        any = true;
        all = count == waiting.len;
    }
    return any;
}

static bool transmit_all(bsd_port *port) {
    bool any = false;
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        any |= transmit(&port->links[id]);
    }
    return any;
}

void bsd_port_send(bsd_port *port) {
    transmit_all(port);
}

void bsd_port_close(bsd_port *port) {
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        close_link(&port->links[id]);
    }
}

// ---- The turn ----

// Hands over all events and sends all waiting packets; true if there was anything.
static bool serve(bsd_port *port) {
    bool any = false;
    bool sent;
    do { // again after a write: poll() may have waited for the space in `tx`
        aliyun_iot_event event;
        while (aliyun_iot_poll(port->device, &event, bsd_port_now_ms())) {
            any = true;
            if (port->tell != NULL) {
                port->tell(port->context, &event);
            }
        }
        sent = transmit_all(port);
        any |= sent;
    } while (sent);
    return any;
}

// Whether the library accepts bytes now. While it does not, waiting for them would spin.
static bool takes(const bsd_link *link) {
    aliyun_iot_buffer space;
    return link->stage == STAGE_UP && aliyun_iot_space(link->device, link->id, &space);
}

// The readiness that the socket is waited for.
static short events(const bsd_link *link) {
    switch (link->stage) {
        case STAGE_CONNECTING:
            return TO_WRITE;
        case STAGE_HANDSHAKE:
            return link->to_read;
        default:
            return (short)((takes(link) ? link->to_read : 0) | link->to_write);
    }
}

static void begin_wait(bsd_port *port) {
    port->waiting = true;
    unlock(port);
}

static void end_wait(bsd_port *port) {
    lock(port);
    port->waiting = false;
}

// Waits for the sockets and for `wake`. Sets which socket is ready, and whether `wake` is.
#if BSD_PORT_SELECT
static void wait_for_any(bsd_port *port, uint32_t ms, bool *ready, bool *wake_is) {
    fd_set readable, writable, failed;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&failed);
    int last = port->wake;
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        const bsd_link *link = &port->links[id];
        if (link->fd >= 0) {
            if (events(link) & TO_READ) {
                FD_SET(link->fd, &readable);
            }
            if (events(link) & TO_WRITE) {
                FD_SET(link->fd, &writable);
            }
            FD_SET(link->fd, &failed);
            last = link->fd > last ? link->fd : last;
        }
    }
    if (port->wake >= 0) {
        FD_SET(port->wake, &readable);
    }
    struct timeval limit;
    limit.tv_sec = (long)(ms / 1000);
    limit.tv_usec = (long)(ms % 1000 * 1000);
    begin_wait(port);
    int count = BSD_SOCKETS(select)(last + 1, &readable, &writable, &failed, ms == UINT32_MAX ? NULL : &limit);
    end_wait(port);
    if (count <= 0) {
        return;
    }
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        int fd = port->links[id].fd;
        ready[id] = fd >= 0 && (FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable) || FD_ISSET(fd, &failed));
    }
    *wake_is = port->wake >= 0 && FD_ISSET(port->wake, &readable);
}
#else
static void wait_for_any(bsd_port *port, uint32_t ms, bool *ready, bool *wake_is) {
    struct pollfd waiting[ALIYUN_IOT_LINKS + 1];
    memset(waiting, 0, sizeof waiting);
    nfds_t count = 0;
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        const bsd_link *link = &port->links[id];
        if (link->fd >= 0) {
            short wanted = events(link);
            waiting[count].fd = link->fd;
            waiting[count++].events = (short)((wanted & TO_READ ? POLLIN : 0) | (wanted & TO_WRITE ? POLLOUT : 0));
        }
    }
    if (port->wake >= 0) {
        waiting[count].fd = port->wake;
        waiting[count++].events = POLLIN;
    }
    int limit = ms == UINT32_MAX ? -1 : ms > INT_MAX ? INT_MAX : (int)ms;
    begin_wait(port);
    // lwIP needs NULL in place of an array without an entry.
    int found = BSD_SOCKETS(poll)(count > 0 ? waiting : NULL, count, limit);
    end_wait(port);
    if (found <= 0) {
        return;
    }
    nfds_t at = 0;
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        if (port->links[id].fd >= 0) {
            ready[id] = waiting[at++].revents != 0;
        }
    }
    *wake_is = port->wake >= 0 && waiting[at].revents != 0;
}
#endif

// Reads bytes from `wake`; false if there are none.
static bool rung(int wake) {
    uint8_t bytes[16];
#if BSD_PORT_LWIP
    return BSD_SOCKETS(recv)(wake, bytes, sizeof bytes, MSG_DONTWAIT) > 0;
#else
    return read(wake, bytes, sizeof bytes) > 0;
#endif
}

// Goes on with a link after the wait.
static void go_on(bsd_link *link, bool ready) {
    switch (link->stage) {
        case STAGE_CONNECTING:
            if (ready) {
                finish_connect(link);
            }
            break;
        case STAGE_HANDSHAKE:
            if (ready) {
                handshake(link);
            }
            break;
        case STAGE_UP:
            if (ready || link->more) {
                receive(link);
            }
            break;
    }
}

// Whether a link can be read without a wait.
static bool has_more(const bsd_port *port) {
    bool any = false;
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        any |= port->links[id].more && takes(&port->links[id]);
    }
    return any;
}

void bsd_port_turn(bsd_port *port, uint32_t at_most_ms) {
    port->changed = false;
    bool busy = serve(port);
    for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
        follow(&port->links[id]); // after serve(), which may begin an attempt
    }
    bool more = has_more(port);
    bool ready[ALIYUN_IOT_LINKS] = { false, false };
    // A turn that does not wait leaves the sockets to the next one; not twice, since other links and `wake` count too.
    busy |= port->changed;
    port->skipped = (busy || more) && !port->skipped;
    if (!port->skipped) {
        uint32_t ms = busy || more ? 0 : aliyun_iot_poll_in(port->device, bsd_port_now_ms());
        bool wake_is = false;
        wait_for_any(port, ms < at_most_ms ? ms : at_most_ms, ready, &wake_is);
        while (wake_is && rung(port->wake)) {
        }
        for (int id = 0; id < ALIYUN_IOT_LINKS && port->changed; id++) {
            if (port->links[id].stage != STAGE_CLOSED && !is_wanted(&port->links[id])) {
                close_link(&port->links[id]); // another thread has called meanwhile
            }
        }
    } else if (!more) {
        return;
    }
    for (int reads = 0; reads < READS_PER_TURN; reads++) {
        for (int id = 0; id < ALIYUN_IOT_LINKS; id++) {
            go_on(&port->links[id], ready[id]);
            ready[id] = false;
        }
        // Before the next read, which may find the end of the link: replies and acknowledgements are on their way by then.
        serve(port);
        if (!has_more(port)) {
            break;
        }
    }
}
