// Many devices in one thread: `devices count host port root|- rounds`. They log in one after the other, over TLS if a file
// with a trust root is named, and stay connected. In each round each of them publishes a QoS 1 message, and the next one
// begins when its PUBACK has come. Prints bytes of heap of all devices (without the devices and their buffers, whose memory
// the program chooses) and of what they share, and microseconds of processor time for all logins and for all messages.
#define _DEFAULT_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bsd_port.h"
#include "rate.h"
#include "trusted.h"

typedef struct {
    uint64_t memory[2816 / sizeof(uint64_t)];
    uint8_t rx[512], tx[1024], topics[64];
    char name[24];
    bool online, delivered;
    aliyun_iot_device *device;
    bsd_port port;
    tls_mbedtls tls;
} member;

static tls_mbedtls_config trusted;
static bool secure;

static void tell(void *context, const aliyun_iot_event *event) {
    member *self = context;
    self->online |= event->kind == ALIYUN_IOT_EVENT_CONNECTION_UP;
    self->delivered |= event->kind == ALIYUN_IOT_EVENT_MESSAGES_DELIVERED;
    if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_FAILED || event->kind == ALIYUN_IOT_EVENT_CONNECTION_LOST) {
        const char *words = bsd_port_words(&self->port, ALIYUN_IOT_LINK_SESSION);
        fprintf(stderr, "%s: %s\n", self->name, words ? words : "closed by the server");
        exit(1);
    }
}

static double heap(void) {
    struct mallinfo2 now = mallinfo2();
    return (double)(now.uordblks + now.hblkhd);
}

static double processor_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

// callgrind counts what happens in this function, and in `publish`.
__attribute__((noinline)) static void log_in(member *self, int number, const char *host, int port) {
    snprintf(self->name, sizeof self->name, "device%d", number);
    tls_mbedtls_init(&self->tls, &trusted);
    aliyun_iot_buffers buffers = { { self->rx, sizeof self->rx }, { self->tx, sizeof self->tx },
        { self->topics, sizeof self->topics } };
    aliyun_iot_buffer place = { (uint8_t *)self->memory, sizeof self->memory };
    aliyun_iot_plain_login login = {
        .server = { .host = aliyun_iot_str(host), .port = (uint16_t)port, .without_tls = !secure },
        .client_id = aliyun_iot_str(self->name),
    };
    aliyun_iot_options options = { .keepalive = 1200 };
    if (aliyun_iot_init(place, &buffers, (uint32_t)number, &self->device) != ALIYUN_IOT_STATUS_OK) {
        exit(1);
    }
    bsd_port_init(&self->port, self->device, &self->tls.tls, NULL);
    self->port.tell = tell;
    self->port.context = self;
    if (aliyun_iot_connect_plain(self->device, &login, &options, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        exit(1);
    }
    while (!self->online) {
        bsd_port_turn(&self->port, UINT32_MAX);
    }
}

__attribute__((noinline)) static void publish(member *self) {
    self->delivered = false;
    aliyun_iot_bytes topic = ALIYUN_IOT_STR(TOPIC), payload = ALIYUN_IOT_STR(PAYLOAD);
    if (aliyun_iot_publish(self->device, topic, payload, 1, NULL) != ALIYUN_IOT_STATUS_OK) {
        exit(1);
    }
    while (!self->delivered) {
        bsd_port_turn(&self->port, UINT32_MAX);
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: %s count host port root|- rounds\n", argv[0]);
        return 2;
    }
    int count = atoi(argv[1]), rounds = atoi(argv[5]);
    member *fleet = calloc((size_t)count, sizeof *fleet);
    secure = strcmp(argv[4], "-") != 0;
    double shared = heap();
    if (secure) {
        trust_file(&trusted, argv[4]);
    }
    double before = heap(), begun = processor_us();
    shared = before - shared;
    for (int i = 0; i < count; i++) {
        log_in(&fleet[i], i, argv[2], atoi(argv[3]));
    }
    double online = processor_us(), each = heap() - before;
    for (int i = 0; i < rounds * count; i++) {
        publish(&fleet[i % count]);
    }
    printf("%.0f %.0f %.1f %.1f\n", each, shared, online - begun, processor_us() - online);
    for (int i = 0; i < count; i++) {
        bsd_port_close(&fleet[i].port);
        aliyun_iot_drop(fleet[i].device);
        tls_mbedtls_free(&fleet[i].tls);
    }
    if (secure) {
        tls_mbedtls_config_free(&trusted);
    }
    free(fleet);
    return 0;
}
