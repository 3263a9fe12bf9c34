// A connected device registers another one over HTTPS, on the second link: `beside host port https-port`. The names and the
// secrets are in the environment. It publishes at QoS 1 meanwhile, and prints a line for each event of a link:
// `up`, `lost`, `failed <link> <cause>`, `delivered <number since>`, `registered <secret>`, `refused <code>`, `closed`.
// It ends when the other one is registered and three messages more are delivered.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bsd_port.h"
#include "tls_mbedtls.h"

// A handshake takes seconds under the sanitizers on a busy machine.
#define PATIENCE_S (60)
#define MORE (3)
#define PERIOD_MS (20)

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[2048], topics[64], scratch[2048], roots[16384];
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls_config trusted;
static tls_mbedtls tls[ALIYUN_IOT_LINKS];
static aliyun_iot_aliyun_registration other;
static char topic[128];
static bool asked, registered, closed, refused;
static unsigned delivered, delivered_after;
static uint32_t published_ms;

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            puts("up");
            if (!asked) {
                aliyun_iot_buffer place = { scratch, sizeof scratch };
                aliyun_iot_status status = aliyun_iot_register_aliyun(device, &other, place, bsd_port_now_ms());
                asked = true;
                printf("asked: %s\n", aliyun_iot_status_text(status));
            }
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            puts("lost");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED:
            printf("failed %d %d\n", (int)event->as.connection.failed.link, (int)event->as.connection.failed.loss.cause);
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_CLOSED:
            puts("closed");
            closed = true;
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_DELIVERED:
            delivered++;
            delivered_after += registered;
            break;
        case ALIYUN_IOT_EVENT_REGISTRATION_DONE:
            printf("registered %.*s after %u\n", (int)event->as.registration.done.secret.len,
                (const char *)event->as.registration.done.secret.data, delivered);
            registered = true;
            break;
        case ALIYUN_IOT_EVENT_REGISTRATION_REFUSED:
        case ALIYUN_IOT_EVENT_REGISTRATION_FAILED:
            puts("not registered");
            refused = true;
            break;
        default:
            break;
    }
}

int main(int argc, char **argv) {
    FILE *file = fopen(getenv("SSL_CERT_FILE"), "rb");
    size_t len = file ? fread(roots, 1, sizeof roots - 1, file) + 1 : 0;
    if (argc < 4 || len == 0 || tls_mbedtls_config_init(&trusted, roots, len) != 0) {
        return 2;
    }
    fclose(file);
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *key = getenv("ALIYUN_PRODUCT_KEY"), *name = getenv("ALIYUN_DEVICE_NAME");
    snprintf(topic, sizeof topic, "/%s/%s/user/update", key, name);
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    tls_mbedtls_init(&tls[0], &trusted);
    tls_mbedtls_init(&tls[1], &trusted);
    bsd_port_init(&port, device, &tls[0].tls, &tls[1].tls);
    port.tell = tell;
    aliyun_iot_aliyun_login login = {
        .identity = { .product_key = aliyun_iot_str(key), .device_name = aliyun_iot_str(name) },
        .server = { .host = aliyun_iot_str(argv[1]), .port = (uint16_t)atoi(argv[2]) },
        .device_secret = aliyun_iot_str(getenv("ALIYUN_DEVICE_SECRET")),
    };
    other = (aliyun_iot_aliyun_registration){
        .identity = { .product_key = aliyun_iot_str(key), .device_name = aliyun_iot_str(getenv("OTHER_DEVICE_NAME")) },
        .server = { .host = aliyun_iot_str(argv[1]), .port = (uint16_t)atoi(argv[3]) },
        .product_secret = aliyun_iot_str(getenv("ALIYUN_PRODUCT_SECRET")),
        .auth_type = ALIYUN_IOT_STR("https"),
    };
    aliyun_iot_options options = { .connect_timeout = PATIENCE_S };
    if (aliyun_iot_connect_aliyun(device, &login, &options, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    while (!refused && (!registered || delivered_after < MORE)) {
        // One at a time, and not more than the cloud's journal holds.
        bool is_due = bsd_port_now_ms() - published_ms >= PERIOD_MS;
        if (aliyun_iot_is_online(device) && aliyun_iot_unacknowledged(device) == 0 && is_due) {
            aliyun_iot_publish(device, aliyun_iot_str(topic), aliyun_iot_str("x"), 1, NULL);
            published_ms = bsd_port_now_ms();
        }
        bsd_port_turn(&port, PERIOD_MS);
    }
    aliyun_iot_close(device, bsd_port_now_ms());
    while (!closed) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls[0]);
    tls_mbedtls_free(&tls[1]);
    tls_mbedtls_config_free(&trusted);
    return refused ? 1 : 0;
}
