// Connects with a secret from standard input, publishes, closes, and overwrites what it has itself: whatever is left of
// the secret in this process then is the library's. `forget host port`; waits for a byte before each step, so that
// somebody can look.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bsd_port.h"
#include "tls_mbedtls.h"

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[1024], topics[64], roots[16384];
static char given[256], *product, *name, *secret;
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls tls;
static bool online, closed;

static aliyun_iot_bytes text(const char *s) {
    return (aliyun_iot_bytes){ (const uint8_t *)s, strlen(s) };
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    online |= event->kind == ALIYUN_IOT_EVENT_KIND_DELIVERED;
    closed |= event->kind == ALIYUN_IOT_EVENT_KIND_CLOSED;
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
    aliyun_iot_credentials login = { .product_key = text(product), .device_name = text(name),
        .device_secret = text(secret), .host = text(argv[1]), .port = (uint16_t)atoi(argv[2]) };
    say_and_wait("given\n");
    if (aliyun_iot_connect(device, &login, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    explicit_bzero(secret, strlen(secret));
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
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls);
    say_and_wait("dropped\n");
    return 0;
}
