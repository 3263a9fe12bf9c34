// A device in C, without MicroPython: the port over BSD sockets (ports/bsd) below, the library in the middle, `tell` on
// top. `device` alone prints how to run it.
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
static tls_mbedtls_config trusted; // one for all links, or all devices, of a program
static tls_mbedtls tls[ALIYUN_IOT_LINKS];
static uint8_t roots[16384];
#endif

// All memory is the caller's. Here it is static, so nothing runs out later. aliyun_iot_device_size() tells how much a
// device takes (less on 32 bits than on 64), and aliyun_iot_init refuses memory that is too small.
static uint64_t memory[2816 / sizeof(uint64_t)];
static uint8_t rx[2048], tx[2048], topics[256]; // the largest packet to receive; packets that wait; filters
static uint8_t scratch[1536];                   // the request and the response of a registration over HTTPS
static aliyun_iot_device *device;
static bsd_port port;
static char topic[128];
static bool closed, ended_well = true;

static const char usage[] =
    "usage: device [option …] host port [seconds]\n"
    "\n"
    "Connects a device for 30 seconds, unless told otherwise, and prints what happens.\n"
    "\n"
    "  --register      get the device's secret from the platform first (over MQTT, at the same host and port)\n"
    "  --https port    the same over HTTPS, at this port\n"
    "  --time          ask the platform for the time\n"
    "  --upload file   give the platform a file, up to 16 MiB\n"
    "  --without-tls   over plain TCP, for tests\n"
    "\n"
    "In the environment, since arguments show in the list of processes: ALIYUN_PRODUCT_KEY, ALIYUN_DEVICE_NAME, and\n"
    "ALIYUN_DEVICE_SECRET, or to register ALIYUN_PRODUCT_SECRET. SSL_CERT_FILE names trust roots (PEM) to use in\n"
    "place of those that are built in.\n";

// Ctrl-C ends the wait as anything else may that is no socket, an interrupt or another task: it rings.
static volatile sig_atomic_t stop;
static int bell[2];

static void on_signal(int number) {
    stop = number;
    if (write(bell[1], "", 1) < 0) return; // it is full, so it rings
}

// Prints text of the network's. A terminal would obey control characters and bytes that are no UTF-8, so they are
// printed as numbers.
static void show(aliyun_iot_bytes bytes) {
    for (size_t i = 0, n; i < bytes.len; i += n) {
        const uint8_t *c = bytes.data + i;
        size_t left = bytes.len - i;
        n = *c < 0x80 ? 1 : *c >= 0xc2 && *c < 0xe0 ? 2 : *c >= 0xe0 && *c < 0xf0 ? 3 : *c >= 0xf0 && *c < 0xf5 ? 4 : 0;
        for (size_t k = 1; k < n; k++) {
            if (n > left || (c[k] & 0xc0) != 0x80) n = 0;
        }
        bool is_control = (n == 1 && (*c < 0x20 || *c == 0x7f)) || (n == 2 && *c == 0xc2 && c[1] < 0xa0);
        if (n > 0 && !is_control) {
            fwrite(c, 1, n, stdout);
        } else {
            printf("\\x%02x", *c);
            n = 1;
        }
    }
}

// A line of words, a text of the network's, and words again.
static void say(const char *before, aliyun_iot_bytes bytes, const char *after) {
    fputs(before, stdout);
    show(bytes);
    puts(after);
}

// ---- What the device does ----

static aliyun_iot_bytes str(const char *text) { // NULL is "not given"
    return aliyun_iot_str(text);
}

static void check(const char *what, aliyun_iot_status status) {
    if (status != ALIYUN_IOT_STATUS_OK) printf("%s: %s\n", what, aliyun_iot_status_text(status));
}

static aliyun_iot_aliyun_login login;
static char secret[65];
static uint32_t post; // the number of a post whose reply is wanted
static aliyun_iot_link_id registers_at = ALIYUN_IOT_LINK_SESSION;
static bool asks_time;
static FILE *file;
static const char *file_name;

static void begin_upload(void) {
    uint8_t bytes[512];
    uint64_t crc = 0;
    size_t size = 0, count;
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0) { // once through the file, for its length and its sum
        crc = aliyun_iot_crc64(crc, (aliyun_iot_bytes){bytes, count});
        size += count;
    }
    check("upload", aliyun_iot_upload(device, str(file_name), (uint32_t)size, crc, sizeof tx / 2));
}

static void fill_block(uint32_t offset) {
    aliyun_iot_buffer place;
    if (!aliyun_iot_upload_place(device, &place)) return; // the block is not needed any more
    if (fseek(file, (long)offset, SEEK_SET) == 0 && fread(place.data, 1, place.len, file) == place.len) {
        aliyun_iot_upload_filled(device, bsd_port_now_ms());
    } else {
        puts("upload: the file cannot be read");
        aliyun_iot_cancel_upload(device);
    }
}

static void say_loss(const char *before, aliyun_iot_loss loss, aliyun_iot_link_id link) {
    const char *why = loss.cause == ALIYUN_IOT_LOSS_LINK ? bsd_port_words(&port, link) : NULL;
    printf("%s: %s%s", before, aliyun_iot_loss_text(loss.cause, loss.code), why ? ": " : "");
    say("", str(why), "");
}

// An event ALIYUN_IOT_EVENT_<FAMILY>_<KIND> has its details in `as.<family>.<kind>`. The event is in use until this
// function returns: answer it, publish and post from here.
static void tell(void *context, const aliyun_iot_event *e) {
    (void)context;
    switch (e->kind) {
    case ALIYUN_IOT_EVENT_CONNECTION_UP:
        printf("connected%s\n", e->as.connection.up.again ? " again" : "");
        if (e->as.connection.up.again) break; // subscriptions and QoS 1 messages outlive the link: ask for them once
        check("subscribe", aliyun_iot_subscribe(device, str(topic), 1));
        check("post", aliyun_iot_post_properties(device, str("{\"LightSwitch\":1}"), &post, bsd_port_now_ms()));
        if (asks_time) check("time", aliyun_iot_ask_time(device));
        if (file) begin_upload();
        break;
    case ALIYUN_IOT_EVENT_CONNECTION_LOST: // nothing to do: the library waits, longer each time, and tries again
        say_loss("connection lost", e->as.connection.lost.loss, ALIYUN_IOT_LINK_SESSION);
        break;
    case ALIYUN_IOT_EVENT_CONNECTION_FAILED:
        say_loss("no connection", e->as.connection.failed.loss, e->as.connection.failed.link);
        break;
    case ALIYUN_IOT_EVENT_CONNECTION_CLOSED: puts("closed"), closed = true; break;
    case ALIYUN_IOT_EVENT_MESSAGES_RECEIVED: {
        aliyun_iot_bytes payload = e->as.messages.received.payload;
        fputs("message on ", stdout);
        show(e->as.messages.received.topic);
        fputs(": ", stdout);
        show(aliyun_iot_is_utf8(payload) ? payload : str(NULL));
        printf(" (%u bytes)\n", (unsigned)payload.len);
        break;
    }
    case ALIYUN_IOT_EVENT_MESSAGES_DELIVERED:
        printf("publish %u delivered\n", (unsigned)e->as.messages.delivered.packet_id);
        break;
    case ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED: // comes again after each reconnect
        say("subscription to ", e->as.messages.subscribed.filter,
            e->as.messages.subscribed.granted ? " granted" : " refused");
        if (!e->as.messages.subscribed.granted) break;
        check("publish", aliyun_iot_publish(device, str(topic), str("hello from C"), 1, NULL));
        break;
    case ALIYUN_IOT_EVENT_MESSAGES_DROPPED:
        printf("dropped %u bytes: rx is too small; dropped so far: %u\n", (unsigned)e->as.messages.dropped.needed,
            (unsigned)e->as.messages.dropped.count);
        break;
    case ALIYUN_IOT_EVENT_MODEL_REPLY:
        printf("post answered: %d ", (int)e->as.model.reply.code);
        say("", e->as.model.reply.message, "");
        break;
    case ALIYUN_IOT_EVENT_CALL_PROPERTIES:
        say("set: ", e->as.call.properties.params, "");
        check("answer", aliyun_iot_answer(device, 200, str("{}")));
        break;
    case ALIYUN_IOT_EVENT_CALL_SERVICE: // not answered here: the library answers 200 and {}
        fputs("service ", stdout);
        show(e->as.call.service.service);
        say(": ", e->as.call.service.params, "");
        break;
    case ALIYUN_IOT_EVENT_RAW_DATA: printf("raw data: %u bytes\n", (unsigned)e->as.raw.data.len); break;
    case ALIYUN_IOT_EVENT_NTP_TIME:
        printf("it is %llu ms since 1970 in UTC, give or take %u ms\n", (unsigned long long)e->as.ntp.time.unix_ms,
            (unsigned)e->as.ntp.time.error_ms);
        break;
    case ALIYUN_IOT_EVENT_NTP_FAILED: puts("the platform does not tell the time"); break;
    case ALIYUN_IOT_EVENT_UPLOAD_BLOCK: fill_block(e->as.upload.block.offset); break;
    case ALIYUN_IOT_EVENT_UPLOAD_DONE: say("uploaded as ", e->as.upload.done.id, ""); break;
    case ALIYUN_IOT_EVENT_UPLOAD_FAILED:
        printf("upload failed: cause %d, code %d\n", (int)e->as.upload.failed.cause, (int)e->as.upload.failed.code);
        break;
    // The secret is the event's: copy it. A device would store it, and not register again.
    case ALIYUN_IOT_EVENT_REGISTRATION_DONE:
        snprintf(secret, sizeof secret, "%.*s", (int)e->as.registration.done.secret.len,
            (const char *)e->as.registration.done.secret.data);
        login.device_secret = str(secret);
        puts("registered");
        check("connect", aliyun_iot_connect_aliyun(device, &login, NULL, bsd_port_now_ms()));
        break;
    case ALIYUN_IOT_EVENT_REGISTRATION_REFUSED:
        printf("not registered: refused (%d) ", (int)e->as.registration.refused.code);
        say("", e->as.registration.refused.message, "");
        closed = true, ended_well = false;
        break;
    case ALIYUN_IOT_EVENT_REGISTRATION_FAILED:
        say_loss("not registered", e->as.registration.failed.loss, registers_at);
        closed = true, ended_well = false;
        break;
    }
}

// ---- Setting up ----

static bsd_tls *over_tls[ALIYUN_IOT_LINKS]; // NULL for none: a link that wants TLS fails then

static void prepare_tls(void) {
#ifndef WITHOUT_TLS
    const char *path = getenv("SSL_CERT_FILE");
    FILE *pem = path ? fopen(path, "rb") : NULL;
    size_t len = pem ? fread(roots, 1, sizeof roots - 1, pem) + 1 : 0; // a text in PEM ends in a NUL
    if (pem) fclose(pem);
    int error = tls_mbedtls_config_init(&trusted, len ? roots : NULL, len);
    if (error) printf("TLS: %d%s\n", error, len ? "; is SSL_CERT_FILE in PEM?" : "");
    for (int i = 0; i < ALIYUN_IOT_LINKS && !error; i++) {
        tls_mbedtls_init(&tls[i], &trusted);
        over_tls[i] = &tls[i].tls;
    }
#endif
}

int main(int argc, char **argv) {
    bool without_tls = false, registers = false;
    const char *path = NULL, *https = NULL;
    for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
        if (strcmp(argv[1], "--without-tls") == 0) without_tls = true;
        else if (strcmp(argv[1], "--register") == 0) registers = true;
        else if (strcmp(argv[1], "--https") == 0 && argc > 2) https = argv[2], registers = true, argc--, argv++;
        else if (strcmp(argv[1], "--time") == 0) asks_time = true;
        else if (strcmp(argv[1], "--upload") == 0 && argc > 2) path = argv[2], argc--, argv++;
        else break; // an option that there is not, or that lacks something, is no host
    }
    if (argc < 3 || argc > 4 || argv[1][0] == '-') {
        fputs(usage, stderr);
        return 2;
    }
    if (path && !(file = fopen(path, "rb"))) {
        fprintf(stderr, "%s cannot be read\n", path);
        return 2;
    }
    file_name = path && strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    uint32_t seed; // keeps devices from reconnecting in step
    if (pipe(bell) < 0 || !bsd_port_seed(&seed)) {
        fputs("the system has no pipe or no random numbers to give\n", stderr);
        return 1;
    }
    for (int i = 0; i < 2; i++) fcntl(bell[i], F_SETFL, O_NONBLOCK);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_signal}, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);

    const char *key = getenv("ALIYUN_PRODUCT_KEY"), *name = getenv("ALIYUN_DEVICE_NAME");
    snprintf(topic, sizeof topic, "/%s/%s/user/get", key ? key : "", name ? name : "");
    aliyun_iot_aliyun_identity identity = {.product_key = str(key), .device_name = str(name)};
    aliyun_iot_server server = {.host = str(argv[1]), .port = (uint16_t)atoi(argv[2]), .without_tls = without_tls};
    login = (aliyun_iot_aliyun_login){.identity = identity, .server = server,
        .device_secret = str(getenv("ALIYUN_DEVICE_SECRET"))};
    aliyun_iot_aliyun_registration registration = {.identity = identity, .server = server,
        .product_secret = str(getenv("ALIYUN_PRODUCT_SECRET")), .auth_type = str(https ? "https" : "register")};
    if (https) registration.server.port = (uint16_t)atoi(https), registers_at = ALIYUN_IOT_LINK_HTTP;

    aliyun_iot_buffers buffers = {{rx, sizeof rx}, {tx, sizeof tx}, {topics, sizeof topics}};
    check("init", aliyun_iot_init((aliyun_iot_buffer){(uint8_t *)memory, sizeof memory}, &buffers, seed, &device));
    if (!without_tls) prepare_tls();
    bsd_port_init(&port, device, over_tls[ALIYUN_IOT_LINK_SESSION], over_tls[ALIYUN_IOT_LINK_HTTP]);
    port.tell = tell;
    port.wake = bell[0];

    uint32_t end = bsd_port_now_ms() + (argc > 3 ? (uint32_t)atoi(argv[3]) : 30) * 1000;
    aliyun_iot_buffer place = {scratch, sizeof scratch};
    aliyun_iot_status status = registers
        ? aliyun_iot_register_aliyun(device, &registration, place, bsd_port_now_ms())
        : aliyun_iot_connect_aliyun(device, &login, NULL, bsd_port_now_ms());
    check(registers ? "register" : "connect", status);
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
    for (int i = 0; i < ALIYUN_IOT_LINKS; i++) tls_mbedtls_free(&tls[i]); // also if it was never prepared
    if (!without_tls) tls_mbedtls_config_free(&trusted);
#endif
    if (file) fclose(file);
    return status == ALIYUN_IOT_STATUS_OK && ended_well ? 0 : 1;
}
