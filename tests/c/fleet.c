// Many devices in one program, each in a thread of its own over ports/bsd with TLS: `fleet count port`. Prints a line
// `<word> <device> <seconds> <ms>`: `up` when a session is up, `down` when it is lost, `failed` when an attempt has failed,
// `delivered` when the message that each publishes once a session has arrived. Seconds are those of CLOCK_MONOTONIC at
// that moment; milliseconds are what is left until the library wants to be called, after a loss until the next attempt.
// Ends when standard input ends.
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bsd_port.h"
#include "trusted.h"

// So many handshakes at once take as long as the machine is slow: no attempt is to be given up for that.
#define PATIENCE_S (120)

typedef struct {
    uint64_t memory[4096 / sizeof(uint64_t)];
    uint8_t rx[512], tx[1024], topics[64];
    char name[24];
    int bell[2];
    bool closed;
    aliyun_iot_device *device;
    bsd_port port;
    tls_mbedtls tls;
    pthread_t thread;
} member;

static tls_mbedtls_config trusted;
static uint16_t server;
static volatile bool stop;

static void say(const member *self, const char *word) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("%s %s %lld.%06ld %u\n", word, self->name, (long long)now.tv_sec, now.tv_nsec / 1000,
        (unsigned)aliyun_iot_poll_in(self->device, bsd_port_now_ms()));
}

static void tell(void *context, const aliyun_iot_event *event) {
    member *self = context;
    char topic[64];
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            say(self, "up");
            // The platform takes a device's own topics only.
            snprintf(topic, sizeof topic, "/fleet/%s/user/update", self->name);
            aliyun_iot_publish(self->device, aliyun_iot_str(topic), aliyun_iot_str(self->name), 1, NULL);
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            say(self, "down");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED:
            say(self, "failed");
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_DELIVERED:
            say(self, "delivered");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_CLOSED:
            self->closed = true;
            break;
        default:
            break;
    }
}

static void *live(void *context) {
    member *self = context;
    bool closing = false;
    while (!self->closed) {
        if (stop && !closing) {
            closing = aliyun_iot_close(self->device, bsd_port_now_ms()) == ALIYUN_IOT_STATUS_OK;
        }
        bsd_port_turn(&self->port, UINT32_MAX);
    }
    bsd_port_close(&self->port);
    aliyun_iot_drop(self->device);
    tls_mbedtls_free(&self->tls);
    return NULL;
}

static bool start(member *self, int number) {
    uint32_t seed;
    snprintf(self->name, sizeof self->name, "device%d", number);
    if (pipe(self->bell) != 0 || fcntl(self->bell[0], F_SETFL, O_NONBLOCK) != 0 || !bsd_port_seed(&seed)) {
        return false;
    }
    tls_mbedtls_init(&self->tls, &trusted);
    aliyun_iot_buffers buffers = { { self->rx, sizeof self->rx }, { self->tx, sizeof self->tx },
        { self->topics, sizeof self->topics } };
    aliyun_iot_buffer place = { (uint8_t *)self->memory, sizeof self->memory };
    if (aliyun_iot_init(place, &buffers, seed, &self->device) != ALIYUN_IOT_STATUS_OK) {
        return false;
    }
    bsd_port_init(&self->port, self->device, &self->tls.tls, NULL);
    self->port.tell = tell;
    self->port.context = self;
    self->port.wake = self->bell[0];
    aliyun_iot_aliyun_login login = {
        .identity = { .product_key = aliyun_iot_str("fleet"), .device_name = aliyun_iot_str(self->name) },
        .server = { .host = aliyun_iot_str("localhost"), .port = server },
        .device_secret = aliyun_iot_str("secret"),
    };
    aliyun_iot_options options = { .connect_timeout = PATIENCE_S };
    return aliyun_iot_connect_aliyun(self->device, &login, &options, bsd_port_now_ms()) == ALIYUN_IOT_STATUS_OK
        && pthread_create(&self->thread, NULL, live, self) == 0;
}

int main(int argc, char **argv) {
    if (argc < 3 || !trust_the_file(&trusted)) {
        return 2;
    }
    int count = atoi(argv[1]);
    server = (uint16_t)atoi(argv[2]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    member *fleet = calloc((size_t)count, sizeof *fleet);
    for (int i = 0; i < count; i++) {
        if (!start(&fleet[i], i)) {
            return 2;
        }
    }
    while (getchar() != EOF) {
    }
    stop = true;
    for (int i = 0; i < count; i++) {
        if (write(fleet[i].bell[1], "", 1) < 0) {
            return 2;
        }
    }
    for (int i = 0; i < count; i++) {
        pthread_join(fleet[i].thread, NULL);
        close(fleet[i].bell[0]);
        close(fleet[i].bell[1]);
    }
    free(fleet);
    tls_mbedtls_config_free(&trusted);
    puts("ended");
    return 0;
}
