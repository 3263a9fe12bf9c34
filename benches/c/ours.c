// This library through its C ABI, on the port over BSD sockets; TLS is mbedTLS.
#define _DEFAULT_SOURCE
#include "rate.h"

#include "bsd_port.h"
#include "trusted.h"

static uint64_t memory[2816 / sizeof(uint64_t)];
static uint8_t rx[2048], tx[8192], topics[64];
static bool online, subscribed, closed;
static long received;
static moment first;

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_MESSAGES_DELIVERED:
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_RECEIVED:
            if (received++ == 0) {
                first = now();
            }
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED:
            subscribed = event->as.messages.subscribed.granted;
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            online = true;
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_CLOSED:
            closed = true;
            break;
        default:
            fail("event", aliyun_iot_event_name(event->kind));
    }
}

static void check(const char *what, aliyun_iot_status status) {
    if (status != ALIYUN_IOT_STATUS_OK) {
        fail(what, aliyun_iot_status_text(status));
    }
}

static void publish(aliyun_iot_device *device, bsd_port *port, const arguments *asked) {
    aliyun_iot_bytes topic = ALIYUN_IOT_STR(TOPIC), payload = ALIYUN_IOT_STR(PAYLOAD);
    for (long left = asked->count; left > 0 || aliyun_iot_unacknowledged(device) > 0;) {
        while (left > 0 && aliyun_iot_unacknowledged(device) < (size_t)asked->window) {
            aliyun_iot_status status = aliyun_iot_publish(device, topic, payload, (uint8_t)asked->qos, NULL);
            if (status == ALIYUN_IOT_STATUS_FULL) {
                break;
            }
            check("publish", status);
            left--;
            if (asked->qos == 0) {
                bsd_port_send(port); // each by itself, as the other clients do
            }
        }
        if (left > 0 || aliyun_iot_unacknowledged(device) > 0) {
            bsd_port_turn(port, 10000);
        }
    }
}

int main(int argc, char **argv) {
    arguments asked = read_arguments(argc, argv);
    bsd_port port;
    static tls_mbedtls_config trusted;
    static tls_mbedtls tls;
    aliyun_iot_device *device;
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    check("init", aliyun_iot_init(place, &buffers, 1, &device));
    if (asked.root != NULL) {
        trust_file(&trusted, asked.root);
        tls_mbedtls_init(&tls, &trusted);
    }
    bsd_port_init(&port, device, asked.root != NULL ? &tls.tls : NULL, NULL);
    port.tell = tell;
    aliyun_iot_plain_login login = {
        .server = { .host = aliyun_iot_str(asked.host), .port = (uint16_t)asked.port, .without_tls = asked.root == NULL },
        .client_id = aliyun_iot_str(asked.receives ? "receiver" : "publisher"),
    };

    moment begun = now();
    check("connect", aliyun_iot_connect_plain(device, &login, NULL, bsd_port_now_ms()));
    while (!online) {
        bsd_port_turn(&port, 10000);
    }
    moment connected = now();
    if (asked.receives) {
        check("subscribe", aliyun_iot_subscribe(device, aliyun_iot_str(TOPIC), (uint8_t)asked.qos));
        while (!subscribed) {
            bsd_port_turn(&port, 10000);
        }
        ready();
        while (received < asked.count) {
            bsd_port_turn(&port, 10000);
        }
    } else {
        first = now();
        publish(device, &port, &asked);
    }
    report(begun, connected, first, now(), asked.count);

    aliyun_iot_close(device, bsd_port_now_ms());
    while (!closed) {
        bsd_port_turn(&port, 1000);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device);
    if (asked.root != NULL) {
        tls_mbedtls_free(&tls);
        tls_mbedtls_config_free(&trusted);
    }
    return 0;
}
