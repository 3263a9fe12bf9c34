// A device in C, without MicroPython: BSD sockets below, the library in the middle, `tell` on top. Copy the port part
// and put your stack's calls in the place of the sockets: the library itself never touches a socket or a clock.
//
//   ALIYUN_PRODUCT_KEY=… ALIYUN_DEVICE_NAME=… ALIYUN_DEVICE_SECRET=… device host port [seconds]
//
// The secret comes from the environment, since arguments show in the list of processes.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "aliyun_iot.h"

// All memory is the caller's. Here it is static, so nothing runs out later. aliyun_iot_device_size() tells how much a
// device takes (less on 32 bits than on 64), and aliyun_iot_init refuses memory that is too small.
static uint64_t memory[2560 / sizeof(uint64_t)];
static uint8_t rx[2048], tx[2048], topics[256]; // the largest packet to receive; what waits; what is subscribed to
static aliyun_iot_device *device;
static char topic[128];

static uint32_t now_ms(void) { // a clock that never goes back; the wrap at 2^32 ms does no harm
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)((uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000);
}
static aliyun_iot_bytes text(const char *s) { // NULL is "not given"
    return (aliyun_iot_bytes){(const uint8_t *)s, s ? strlen(s) : 0};
}

// ---- The application: what the device does ----
static void check(const char *what, int32_t status) { // below 0 is a status, above a packet identifier
    if (status < 0) printf("%s: %s\n", what, aliyun_iot_status_text(status));
}
static void tell(const aliyun_iot_event *e) {
    int name_len = (int)e->name.len, len = (int)e->payload.len; // texts have no NUL at their end
    const char *name = name_len ? (const char *)e->name.data : "", *payload = len ? (const char *)e->payload.data : "";
    switch (e->kind) {
    case ALIYUN_IOT_EVENT_KIND_CONNECTED:
        printf("connected%s\n", e->again ? " again" : "");
        if (e->again) break; // subscriptions outlive the link, and so do QoS 1 messages: ask for them once
        check("subscribe", aliyun_iot_subscribe(device, text(topic), 1));
        check("post", aliyun_iot_post_properties(device, text("{\"LightSwitch\":1}"), NULL));
        break;
    case ALIYUN_IOT_EVENT_KIND_DISCONNECTED:
    case ALIYUN_IOT_EVENT_KIND_FAILED: // nothing to do: the library waits, longer each time, and tries again
        printf("%s: %s", e->kind == ALIYUN_IOT_EVENT_KIND_FAILED ? "no connection" : "connection lost",
               aliyun_iot_loss_text(e->loss, e->code));
        bool ours = e->loss == ALIYUN_IOT_LOSS_LINK && e->code != 0; // our own number, as link_lost gave it
        printf("%s%s\n", ours ? ": " : "", !ours ? "" : e->code < 0 ? gai_strerror(e->code) : strerror(e->code));
        break;
    case ALIYUN_IOT_EVENT_KIND_CLOSED: puts("closed"); break;
    case ALIYUN_IOT_EVENT_KIND_PROPERTIES: // the event is in use until the next poll: answer, publish, post from here
        printf("set: %.*s\n", len, payload);
        check("answer", aliyun_iot_answer(device, 200, text("{}")));
        break;
    case ALIYUN_IOT_EVENT_KIND_SERVICE: // left to the next poll, which answers 200 and {}
        printf("service %.*s: %.*s\n", name_len, name, len, payload);
        break;
    case ALIYUN_IOT_EVENT_KIND_RAW: printf("raw data: %d bytes\n", len); break;
    case ALIYUN_IOT_EVENT_KIND_MESSAGE:
        printf("message on %.*s: %.*s (%d bytes)\n", name_len, name, e->is_text ? len : 0, payload, len);
        break;
    case ALIYUN_IOT_EVENT_KIND_REPLY: printf("post answered: %d %.*s\n", (int)e->code, len, payload); break;
    case ALIYUN_IOT_EVENT_KIND_DELIVERED: printf("publish %u delivered\n", (unsigned)e->number); break;
    case ALIYUN_IOT_EVENT_KIND_SUBSCRIBED: // told again after each reconnect
        printf("subscription to %.*s %s\n", name_len, name, e->accepted ? "granted" : "refused");
        if (e->accepted) check("publish", aliyun_iot_publish(device, text(topic), text("hello from C"), 1));
        break;
    case ALIYUN_IOT_EVENT_KIND_OVERSIZE: printf("dropped %u bytes: rx is too small\n", (unsigned)e->number); break;
    }
}

// ---- The port: what to write anew for another network stack ----
static enum { CLOSED, CONNECTING, UP } stage;
static uint16_t attempt; // the library numbers its attempts, so that news of an old link cannot harm a new one
static int fd = -1;
static struct addrinfo *addresses, *next;
static volatile sig_atomic_t stop;

static void on_signal(int number) { stop = number; }
static void link_close(void) {
    if (fd >= 0) close(fd);
    if (addresses) freeaddrinfo(addresses);
    fd = -1, addresses = next = NULL, stage = CLOSED;
}
static void link_lost(int code) { // the code comes back in the event; 0 is the end of the stream
    link_close();
    aliyun_iot_link_lost(device, attempt, code, now_ms());
}
static void connect_next(int error) { // a name has several addresses, and not every one can be reached
    while (next) {
        struct addrinfo *a = next;
        next = a->ai_next;
        if (fd >= 0) close(fd);
        if ((fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol)) >= 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)); // a packet is one write: send it at once
            fcntl(fd, F_SETFL, O_NONBLOCK);
            stage = CONNECTING;
            if (connect(fd, a->ai_addr, a->ai_addrlen) == 0 || errno == EINPROGRESS) return;
        }
        error = errno;
    }
    link_lost(error);
}
static void follow(void) { // has the link be as the library wants it: time limits and back-off are the library's
    aliyun_iot_link wanted;
    aliyun_iot_link_wanted(device, &wanted);
    if (stage != CLOSED && (!wanted.open || wanted.attempt != attempt)) link_close();
    if (!wanted.open || stage != CLOSED) return;
    char host[256], service[6];
    snprintf(host, sizeof host, "%.*s", (int)wanted.host.len, (const char *)wanted.host.data);
    snprintf(service, sizeof service, "%u", (unsigned)wanted.port);
    attempt = wanted.attempt;
    // The name is looked up for each attempt, as servers move. This is the one call here that blocks.
    int error = getaddrinfo(host, service, &(struct addrinfo){.ai_socktype = SOCK_STREAM}, &addresses);
    if (error) addresses = NULL;
    next = addresses;
    if (error) link_lost(error);
    else if (wanted.tls) link_lost(EPROTONOSUPPORT); // TLS goes here, verified for `host`; link_up waits for it
    else connect_next(EHOSTUNREACH);
}
static void wait_for(uint32_t ms) { // until the socket can go on, the time is up, or somebody wakes us (here: a signal)
    size_t room = 0;
    bool read = stage == UP && aliyun_iot_space(device, &room); // with no room, waiting for bytes would spin
    bool write = stage == CONNECTING || aliyun_iot_to_send(device).len > 0;
    struct pollfd waiting = {fd, (short)((read ? POLLIN : 0) | (write ? POLLOUT : 0)), 0};
    struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
    sigset_t none; // signals come in here and nowhere else: none is missed between the look at `stop` and the wait
    sigemptyset(&none);
    int ready = ppoll(&waiting, 1, ms == UINT32_MAX ? NULL : &time, &none);
    if (stage != CONNECTING || ready <= 0) return;
    int error = 0;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
    if (error) connect_next(error);
    else stage = UP, aliyun_iot_link_up(device, attempt, now_ms());
}
static void receive(void) { // one read a turn: its events are told before the end of the stream, which would drop them
    size_t room = 0;
    uint8_t *space = aliyun_iot_space(device, &room);
    if (stage != UP || !space) return;
    ssize_t count = recv(fd, space, room, 0);
    if (count > 0) aliyun_iot_received(device, (size_t)count, now_ms());
    else if (count == 0) link_lost(0);
    else if (errno != EAGAIN && errno != EINTR) link_lost(errno);
}
static bool transmit(void) { // true if something went: that makes room, for which poll may have waited
    for (bool any = false;; any = true) {
        aliyun_iot_bytes packet = aliyun_iot_to_send(device); // asked each time: other calls may move it
        if (stage != UP || packet.len == 0) return any;
        ssize_t count = send(fd, packet.data, packet.len, MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR) link_lost(errno);
        if (count <= 0) return any;
        aliyun_iot_sent(device, (size_t)count, now_ms());
    }
}

int main(int argc, char **argv) {
    const char *key = getenv("ALIYUN_PRODUCT_KEY"), *name = getenv("ALIYUN_DEVICE_NAME");
    uint32_t seed, end = now_ms() + (argc > 3 ? (uint32_t)atoi(argv[3]) : 30) * 1000;
    sigset_t signals;
    sigemptyset(&signals), sigaddset(&signals, SIGINT), sigprocmask(SIG_BLOCK, &signals, NULL);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_signal}, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc < 3 || getentropy(&seed, sizeof seed) < 0) return 2; // the seed keeps devices from reconnecting in step
    snprintf(topic, sizeof topic, "/%s/%s/user/get", key ? key : "", name ? name : "");
    aliyun_iot_credentials login = {.product_key = text(key), .device_name = text(name), .host = text(argv[1]),
        .device_secret = text(getenv("ALIYUN_DEVICE_SECRET")), .port = (uint16_t)atoi(argv[2]), .without_tls = true};
    device = aliyun_iot_init((uint8_t *)memory, sizeof memory, rx, sizeof rx, tx, sizeof tx, topics, sizeof topics,
                             seed);
    aliyun_iot_status status = aliyun_iot_connect(device, &login, now_ms());
    check("connect", status);
    for (bool closing = false, closed = status != ALIYUN_IOT_STATUS_OK; !closed;) {
        follow();
        int32_t left = (int32_t)(end - now_ms());
        if (!closing && (stop || left <= 0)) closing = aliyun_iot_close(device, now_ms()) == ALIYUN_IOT_STATUS_OK;
        uint32_t ms = aliyun_iot_poll_in(device, now_ms());
        wait_for(closing || ms < (uint32_t)left ? ms : (uint32_t)left);
        receive();
        aliyun_iot_event event;
        do { // until false, and again when room was made: what is not told now would wait for the next wake-up
            while (aliyun_iot_poll(device, &event, now_ms())) {
                tell(&event);
                closed |= event.kind == ALIYUN_IOT_EVENT_KIND_CLOSED;
            }
        } while (transmit());
    }
    link_close();
    aliyun_iot_drop(device); // overwrites what it held of the login
    return status == ALIYUN_IOT_STATUS_OK ? 0 : 1;
}
