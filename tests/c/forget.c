// Uses a secret from standard input, and overwrites what it has itself: whatever is left of the secret in this process
// then is the library's. Waits for a byte before each step, so that somebody can look.
//
// `forget host port` connects, publishes and closes; `forget host port 2` does so at the vendor cloud of that number, without
// a message. `forget host port https|register` registers: the secret is its product's, and the one that it is given, which it
// prints, is its own to overwrite too. `forget host port tencent`, `… onenet <user>` and `… huawei <project> <user> <account>`
// register there: the secret is the product's, the user's key, or the user's password.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bsd_port.h"
#include "tls_mbedtls.h"

// No test of time: a handshake may take as long as a busy machine needs.
#define PATIENCE_S (120)

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[1024], topics[512], scratch[12288], roots[16384];
static char given[256], *product, *name, *secret;
static char got[128];
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls_config trusted;
static tls_mbedtls tls, http_tls;
static bool online, closed, registered;
// Of a vendor cloud, 0 for Alibaba's.
static uint32_t login_vendor;

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    online |= event->kind == ALIYUN_IOT_EVENT_MESSAGES_DELIVERED;
    closed |= event->kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED;
    if (event->kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE && event->as.registration.done.secret.len < sizeof got - 1) {
        aliyun_iot_bytes given_secret = event->as.registration.done.secret;
        memcpy(got, given_secret.data, given_secret.len);
        got[given_secret.len] = '\n';
        registered = true;
    }
    if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_UP && login_vendor > 0) {
        online = true;
    } else if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_UP) {
        char topic[128];
        snprintf(topic, sizeof topic, "/%s/%s/user/update", product, name);
        aliyun_iot_publish(device, aliyun_iot_str(topic), aliyun_iot_str("x"), 1, NULL);
    }
}

static void say_and_wait(const char *what) {
    char byte;
    if (write(1, what, strlen(what)) < 0 || read(0, &byte, 1) != 1) {
        exit(2);
    }
}

static int32_t connect_to(aliyun_iot_server server) {
    aliyun_iot_aliyun_login login = {
        .identity = { .product_key = aliyun_iot_str(product), .device_name = aliyun_iot_str(name) },
        .server = server,
        .device_secret = aliyun_iot_str(secret),
    };
    aliyun_iot_options options = { .connect_timeout = PATIENCE_S };
    return aliyun_iot_connect_aliyun(device, &login, &options, bsd_port_now_ms());
}

static int32_t connect_to_vendor(aliyun_iot_server server) {
    aliyun_iot_vendor_login login = {
        .vendor = login_vendor,
        .server = server,
        .product_id = aliyun_iot_str(product),
        .device_name = aliyun_iot_str(name),
        .device_secret = aliyun_iot_str(secret),
    };
    aliyun_iot_options options = { .connect_timeout = PATIENCE_S };
    aliyun_iot_set_clock(device, (uint64_t)time(NULL) * 1000, bsd_port_now_ms());
    return aliyun_iot_connect_vendor(device, &login, &options, bsd_port_now_ms());
}

static void use(const char *host, uint16_t number) {
    aliyun_iot_server server = { .host = aliyun_iot_str(host), .port = number };
    say_and_wait("given\n");
    if ((login_vendor > 0 ? connect_to_vendor(server) : connect_to(server)) != ALIYUN_IOT_STATUS_OK) {
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

static aliyun_iot_status begin(const char *host, uint16_t number, char **way) {
    aliyun_iot_buffer place = { scratch, sizeof scratch };
    aliyun_iot_server server = { .host = aliyun_iot_str(host), .port = number };
    aliyun_iot_vendor_registration vendor = {
        .server = server,
        .product_id = aliyun_iot_str(product),
        .device_name = aliyun_iot_str(name),
    };
    aliyun_iot_set_clock(device, (uint64_t)time(NULL) * 1000, bsd_port_now_ms());
    if (strcmp(way[0], "tencent") == 0) {
        vendor.vendor = ALIYUN_IOT_VENDOR_TENCENT;
        vendor.product_secret = aliyun_iot_str(secret);
    } else if (strcmp(way[0], "onenet") == 0) {
        vendor.vendor = ALIYUN_IOT_VENDOR_ONENET;
        vendor.user_id = aliyun_iot_str(way[1]);
        vendor.user_key = aliyun_iot_str(secret);
    } else if (strcmp(way[0], "huawei") == 0) {
        vendor.vendor = ALIYUN_IOT_VENDOR_HUAWEI;
        vendor.project_id = aliyun_iot_str(way[1]);
        vendor.iam_user = aliyun_iot_str(way[2]);
        vendor.iam_domain = aliyun_iot_str(way[3]);
        vendor.iam_password = aliyun_iot_str(secret);
    } else {
        aliyun_iot_aliyun_registration login = {
            .identity = { .product_key = aliyun_iot_str(product), .device_name = aliyun_iot_str(name) },
            .server = server,
            .product_secret = aliyun_iot_str(secret),
            .auth_type = aliyun_iot_str(way[0]),
        };
        return aliyun_iot_register_aliyun(device, &login, place, bsd_port_now_ms());
    }
    return aliyun_iot_register_vendor(device, &vendor, place, bsd_port_now_ms());
}

static void get(const char *host, uint16_t number, char **way) {
    say_and_wait("given\n");
    if (begin(host, number, way) != ALIYUN_IOT_STATUS_OK) {
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
    if (argc < 3 || len == 0 || tls_mbedtls_config_init(&trusted, roots, len) != 0
        || read(0, given, sizeof given - 1) < 1) {
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
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    tls_mbedtls_init(&tls, &trusted);
    tls_mbedtls_init(&http_tls, &trusted);
    bsd_port_init(&port, device, &tls.tls, &http_tls.tls);
    port.tell = tell;
    login_vendor = argc == 3 ? 0 : (uint32_t)atoi(argv[3]);
    if (argc == 3 || login_vendor > 0) {
        use(argv[1], (uint16_t)atoi(argv[2]));
    } else {
        get(argv[1], (uint16_t)atoi(argv[2]), argv + 3);
    }
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls);
    tls_mbedtls_free(&http_tls);
    tls_mbedtls_config_free(&trusted);
    say_and_wait("dropped\n");
    return 0;
}
