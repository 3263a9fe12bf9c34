// Uses a secret from standard input, and overwrites what it has itself: whatever is left of the secret in this process
// then is the library's. Waits for a byte before each step, so that somebody can look.
//
// `forget host port` connects, publishes and closes. `forget host port https|register` registers: the secret is its
// product's, and the one that it is given, which it prints, is its own to overwrite too.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bsd_port.h"
#include "tls_mbedtls.h"

// No test of time: a handshake may take as long as a busy machine needs.
#define PATIENCE_S (120)

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[1024], topics[64], roots[16384];
static char given[256], *product, *name, *secret;
static char got[128];
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls tls;
static bool online, closed, registered;

static aliyun_iot_bytes text(const char *s) {
    return (aliyun_iot_bytes){ (const uint8_t *)s, strlen(s) };
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    online |= event->kind == ALIYUN_IOT_EVENT_KIND_DELIVERED;
    closed |= event->kind == ALIYUN_IOT_EVENT_KIND_CLOSED;
    if (event->kind == ALIYUN_IOT_EVENT_KIND_REGISTERED && event->payload.len < sizeof got - 1) {
        memcpy(got, event->payload.data, event->payload.len);
        got[event->payload.len] = '\n';
        registered = true;
    }
    if (event->kind == ALIYUN_IOT_EVENT_KIND_CONNECTED) {
        char topic[128];
        snprintf(topic, sizeof topic, "/%s/%s/user/update", product, name);
        aliyun_iot_publish(device, text(topic), text("x"), 1);
    }
}

static void say_and_wait(const char *what) {
    char byte;
    if (write(1, what, strlen(what)) < 0 || read(0, &byte, 1) != 1) {
        exit(2);
    }
}

static void use(const char *host, uint16_t number) {
    aliyun_iot_credentials login = { .product_key = text(product), .device_name = text(name),
        .device_secret = text(secret), .host = text(host), .port = number, .connect_timeout = PATIENCE_S };
    say_and_wait("given\n");
    if (aliyun_iot_connect(device, &login, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        exit(2);
    }
    explicit_bzero(secret, strlen(secret));
    say_and_wait("asking\n");
    while (!online) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    say_and_wait("online\n");
    aliyun_iot_close(device, bsd_port_now_ms());
    while (!closed) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    bsd_port_close(&port);
    say_and_wait("closed\n");
}

static void get(const char *host, uint16_t number, const char *way) {
    aliyun_iot_registration login = { .product_key = text(product), .device_name = text(name),
        .product_secret = text(secret), .host = text(host), .port = number, .auth_type = text(way) };
    say_and_wait("given\n");
    if (aliyun_iot_register(device, &login, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        exit(2);
    }
    explicit_bzero(secret, strlen(secret));
    say_and_wait("asking\n");
    while (!registered) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    say_and_wait(got);
    explicit_bzero(got, sizeof got);
    say_and_wait("forgotten\n");
    bsd_port_close(&port);
}

int main(int argc, char **argv) {
    FILE *file = fopen(getenv("SSL_CERT_FILE"), "rb");
    size_t len = file ? fread(roots, 1, sizeof roots - 1, file) + 1 : 0;
    // Not by stdio, which keeps what it has read.
    if (argc < 3 || len == 0 || tls_mbedtls_init(&tls, roots, len) != 0 || read(0, given, sizeof given - 1) < 1) {
        return 2;
    }
    fclose(file);
    product = given;
    name = strchr(given, ' ');
    secret = name ? strchr(name + 1, ' ') : NULL;
    if (secret == NULL) {
        return 2;
    }
    *name++ = *secret++ = '\0';
    device = aliyun_iot_init((uint8_t *)memory, sizeof memory, rx, sizeof rx, tx, sizeof tx, topics, sizeof topics, 1);
    bsd_port_init(&port, device, &tls.tls);
    port.tell = tell;
    if (argc == 3) {
        use(argv[1], (uint16_t)atoi(argv[2]));
    } else {
        get(argv[1], (uint16_t)atoi(argv[2]), argv[3]);
    }
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls);
    say_and_wait("dropped\n");
    return 0;
}
