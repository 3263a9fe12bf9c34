// A device in C, without MicroPython: the port over BSD sockets (ports/bsd) below, the library in the middle, `tell` on
// top.
//
//   ALIYUN_PRODUCT_KEY=… ALIYUN_DEVICE_NAME=… ALIYUN_DEVICE_SECRET=… device [--without-tls] host port [seconds]
//
// The secret comes from the environment, since arguments show in the list of processes. SSL_CERT_FILE names trust roots
// (PEM) to use in place of those that are built in.
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bsd_port.h"
#ifndef WITHOUT_TLS
#include "tls_mbedtls.h"
static tls_mbedtls tls;
static uint8_t roots[16384];
#endif

// All memory is the caller's. Here it is static, so nothing runs out later. aliyun_iot_device_size() tells how much a
// device takes (less on 32 bits than on 64), and aliyun_iot_init refuses memory that is too small.
static uint64_t memory[2560 / sizeof(uint64_t)];
static uint8_t rx[2048], tx[2048], topics[256]; // the largest packet to receive; what waits; what is subscribed to
static aliyun_iot_device *device;
static bsd_port port;
static char topic[128];
static bool closed;

// Ctrl-C ends the wait as anything else may that is no socket, an interrupt or another task: it rings.
static volatile sig_atomic_t stop;
static int bell[2];

static void on_signal(int number) {
    stop = number;
    if (write(bell[1], "", 1) < 0) return; // it is full, so it rings
}

static aliyun_iot_bytes text(const char *s) { // NULL is "not given"
    return (aliyun_iot_bytes){(const uint8_t *)s, s ? strlen(s) : 0};
}

// ---- What the device does ----

static void check(const char *what, int32_t status) { // below 0 is a status, above a packet identifier
    if (status < 0) printf("%s: %s\n", what, aliyun_iot_status_text(status));
}

static void tell(void *context, const aliyun_iot_event *e) {
    (void)context;
    int name_len = (int)e->name.len, len = (int)e->payload.len; // texts have no NUL at their end
    const char *name = name_len ? (const char *)e->name.data : "", *payload = len ? (const char *)e->payload.data : "";
    const char *why = e->loss == ALIYUN_IOT_LOSS_LINK ? bsd_port_words(&port) : NULL;
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
        printf("%s%s\n", why ? ": " : "", why ? why : "");
        break;
    case ALIYUN_IOT_EVENT_KIND_CLOSED:
        puts("closed");
        closed = true;
        break;
    case ALIYUN_IOT_EVENT_KIND_PROPERTIES: // the event is in use until `tell` returns: answer, publish, post from here
        printf("set: %.*s\n", len, payload);
        check("answer", aliyun_iot_answer(device, 200, text("{}")));
        break;
    case ALIYUN_IOT_EVENT_KIND_SERVICE: // not answered here: the library answers 200 and {}
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
    case ALIYUN_IOT_EVENT_KIND_OVERSIZE:
        printf("dropped %u bytes: rx is too small; dropped so far: %d\n", (unsigned)e->number, (int)e->code);
        break;
    }
}

// ---- Setting up ----

static bsd_tls *prepare_tls(void) { // NULL if there is none
#ifdef WITHOUT_TLS
    return NULL;
#else
    size_t len = 0;
    const char *path = getenv("SSL_CERT_FILE");
    FILE *file = path ? fopen(path, "rb") : NULL;
    if (file) {
        len = fread(roots, 1, sizeof roots - 1, file) + 1; // a text in PEM ends in a NUL
        fclose(file);
    }
    int error = tls_mbedtls_init(&tls, len ? roots : NULL, len);
    if (error) printf("TLS: %d%s\n", error, len ? "; is SSL_CERT_FILE in PEM?" : "");
    return error ? NULL : &tls.tls;
#endif
}

int main(int argc, char **argv) {
    bool without_tls = argc > 1 && strcmp(argv[1], "--without-tls") == 0;
    if (without_tls) argc--, argv++;
    uint32_t seed; // keeps devices from reconnecting in step
    if (argc < 3 || pipe(bell) < 0 || !bsd_port_seed(&seed)) return 2;
    for (int i = 0; i < 2; i++) fcntl(bell[i], F_SETFL, O_NONBLOCK);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_signal}, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);

    const char *key = getenv("ALIYUN_PRODUCT_KEY"), *name = getenv("ALIYUN_DEVICE_NAME");
    snprintf(topic, sizeof topic, "/%s/%s/user/get", key ? key : "", name ? name : "");
    aliyun_iot_credentials login = {.product_key = text(key), .device_name = text(name), .host = text(argv[1]),
        .device_secret = text(getenv("ALIYUN_DEVICE_SECRET")), .port = (uint16_t)atoi(argv[2]),
        .without_tls = without_tls};

    device = aliyun_iot_init((uint8_t *)memory, sizeof memory, rx, sizeof rx, tx, sizeof tx, topics, sizeof topics,
                             seed);
    bsd_port_init(&port, device, without_tls ? NULL : prepare_tls());
    port.tell = tell;
    port.wake = bell[0];

    uint32_t end = bsd_port_now_ms() + (argc > 3 ? (uint32_t)atoi(argv[3]) : 30) * 1000;
    aliyun_iot_status status = aliyun_iot_connect(device, &login, bsd_port_now_ms());
    check("connect", status);
    for (bool closing = false; status == ALIYUN_IOT_STATUS_OK && !closed;) {
        int32_t left = (int32_t)(end - bsd_port_now_ms());
        if (!closing && (stop || left <= 0)) {
            closing = aliyun_iot_close(device, bsd_port_now_ms()) == ALIYUN_IOT_STATUS_OK;
        }
        bsd_port_turn(&port, closing ? UINT32_MAX : (uint32_t)left);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device); // overwrites what it held of the login
#ifndef WITHOUT_TLS
    if (!without_tls) tls_mbedtls_free(&tls);
#endif
    return status == ALIYUN_IOT_STATUS_OK ? 0 : 1;
}
