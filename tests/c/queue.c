// A device over ports/bsd whose messages wait for the session: `queue plain|tls|strict|flood port`. It queues 20 messages at
// QoS 1, connects, and when all are acknowledged publishes one before each of ten turns. Prints `sent <bytes>` for each write
// that a link has accepted, and `delivered <number>`. Then it subscribes, and prints with how many calls of recv() and poll()
// it gets 20 messages that the server sends at once.
//
// strict: a TLS library that encrypts nothing, but asks for retries of every write, over more than one turn. It keeps the bytes of the first try, as
// mbedTLS keeps the record, and ends the program with `changed` if the retry has other bytes or another length.
//
// flood: the same library. Behind the last acknowledgement it has messages without end, of which the socket knows nothing.
// Prints how many messages come in ten turns, and how many of these turns call poll().
//
// Linked with --wrap=aliyun_iot_sent,--wrap=recv,--wrap=poll.
#define _DEFAULT_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bsd_port.h"
#include "trusted.h"

#define QUEUED (20)
#define MORE (10)
#define TRIES (5)
#define TURNS (10)

typedef struct {
    bsd_tls tls;
    int fd;
    uint8_t record[8192];
    size_t len;
    int tries;
    bool floods;
} strict_tls;

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[8192], topics[64];
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls_config trusted;
static tls_mbedtls tls;
static strict_tls strict;
static unsigned delivered, received, recvs, polls;
static bool closed;

void __real_aliyun_iot_sent(aliyun_iot_device *which, aliyun_iot_link_id link, size_t count, uint32_t now_ms);
void __wrap_aliyun_iot_sent(aliyun_iot_device *which, aliyun_iot_link_id link, size_t count, uint32_t now_ms);
void __wrap_aliyun_iot_sent(aliyun_iot_device *which, aliyun_iot_link_id link, size_t count, uint32_t now_ms) {
    printf("sent %zu\n", count);
    __real_aliyun_iot_sent(which, link, count, now_ms);
}

ssize_t __real_recv(int fd, void *data, size_t room, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t room, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t room, int flags) {
    recvs++;
    return __real_recv(fd, data, room, flags);
}

int __real_poll(struct pollfd *set, nfds_t count, int limit);
int __wrap_poll(struct pollfd *set, nfds_t count, int limit);
int __wrap_poll(struct pollfd *set, nfds_t count, int limit) {
    polls++;
    return __real_poll(set, count, limit);
}

static int strict_open(bsd_tls *self, int fd, const char *host) {
    (void)self;
    (void)host;
    strict.fd = fd;
    strict.len = 0;
    return 0;
}

static int strict_handshake(bsd_tls *self) {
    (void)self;
    return 0;
}

static int strict_read(bsd_tls *self, uint8_t *data, size_t room) {
    (void)self;
    static const char message[] = "\x30\x06\x00\x04" "down";
    if (strict.floods && room >= sizeof message) {
        memcpy(data, message, sizeof message - 1);
        return sizeof message - 1;
    }
    ssize_t count = recv(strict.fd, data, room, MSG_DONTWAIT);
    return count < 0 ? BSD_TLS_WANT_READ : (int)count;
}

static int strict_write(bsd_tls *self, const uint8_t *data, size_t len) {
    (void)self;
    if (strict.len == 0) {
        if (len > sizeof strict.record) {
            exit(2);
        }
        memcpy(strict.record, data, len);
        strict.len = len;
        strict.tries = 0;
    }
    if (len != strict.len || memcmp(data, strict.record, len) != 0) {
        puts("changed");
        exit(3);
    }
    if (++strict.tries < TRIES) {
        return BSD_TLS_WANT_WRITE;
    }
    strict.len = 0;
    return send(strict.fd, strict.record, len, MSG_NOSIGNAL) == (ssize_t)len ? (int)len : -1;
}

static bool strict_pending(bsd_tls *self) {
    (void)self;
    return strict.floods;
}

static void strict_close(bsd_tls *self) {
    (void)self;
}

static const char *strict_words(bsd_tls *self, int error) {
    (void)self;
    (void)error;
    return "strict";
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    delivered += event->kind == ALIYUN_IOT_EVENT_MESSAGES_DELIVERED;
    received += event->kind == ALIYUN_IOT_EVENT_MESSAGES_RECEIVED;
    closed |= event->kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED;
    if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_LOST || event->kind == ALIYUN_IOT_EVENT_CONNECTION_FAILED) {
        const char *words = bsd_port_words(&port, ALIYUN_IOT_LINK_SESSION);
        printf("lost: %s\n", words ? words : "closed by the server");
        exit(4);
    }
}

static void publish(int number) {
    char payload[16];
    snprintf(payload, sizeof payload, "message %d", number);
    if (aliyun_iot_publish(device, aliyun_iot_str("t"), aliyun_iot_str(payload), 1, NULL) != ALIYUN_IOT_STATUS_OK) {
        exit(2);
    }
}

static void receive(void) {
    if (aliyun_iot_subscribe(device, aliyun_iot_str("down"), 0) != ALIYUN_IOT_STATUS_OK) {
        exit(2);
    }
    recvs = polls = 0;
    while (received < QUEUED) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    printf("received %u recv %u poll %u\n", received, recvs, polls);
}

static void be_flooded(void) {
    strict.floods = true;
    publish(QUEUED + MORE); // its acknowledgement makes the port read
    while (received == 0) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    received = polls = 0;
    for (int i = 0; i < TURNS; i++) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    strict.floods = false;
    printf("flooded %u poll %u\n", received, polls);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    bsd_tls *over = NULL;
    bool flood = strcmp(argv[1], "flood") == 0;
    if (flood || strcmp(argv[1], "strict") == 0) {
        strict.tls = (bsd_tls){ .open = strict_open, .handshake = strict_handshake, .read = strict_read,
            .write = strict_write, .pending = strict_pending, .close = strict_close, .words = strict_words };
        over = &strict.tls;
    } else if (strcmp(argv[1], "tls") == 0) {
        if (!trust_the_file(&trusted)) {
            return 2;
        }
        tls_mbedtls_init(&tls, &trusted);
        over = &tls.tls;
    }
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_plain_login login = {
        .server = { .host = ALIYUN_IOT_STR("localhost"), .port = (uint16_t)atoi(argv[2]), .without_tls = over == NULL },
        .client_id = ALIYUN_IOT_STR("queue"),
    };
    // A handshake may take as long as a busy machine needs.
    aliyun_iot_options options = { .connect_timeout = 120 };
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    bsd_port_init(&port, device, over, NULL);
    port.tell = tell;
    if (aliyun_iot_connect_plain(device, &login, &options, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    for (int i = 0; i < QUEUED; i++) {
        publish(i);
    }
    while (delivered < QUEUED) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    for (int i = 0; i < MORE; i++) {
        publish(QUEUED + i);
        bsd_port_turn(&port, 0);
    }
    while (delivered < QUEUED + MORE) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    printf("delivered %u\n", delivered);
    if (flood) {
        be_flooded();
    } else {
        receive();
    }
    aliyun_iot_close(device, bsd_port_now_ms());
    while (!closed) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device);
    if (over == &tls.tls) {
        tls_mbedtls_free(&tls);
        tls_mbedtls_config_free(&trusted);
    }
    return 0;
}
