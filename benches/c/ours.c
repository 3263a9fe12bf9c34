// This library through its C ABI, on the port over BSD sockets.
#define _DEFAULT_SOURCE
#include <string.h>

#include "bsd_port.h"
#include "rate.h"

static uint64_t memory[2816 / sizeof(uint64_t)];
static uint8_t rx[2048], tx[8192], topics[64];
static bool online, closed;

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_UP) {
        online = true;
    } else if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED) {
        closed = true;
    } else if (event->kind != ALIYUN_IOT_EVENT_MESSAGES_DELIVERED) {
        fprintf(stderr, "event %s\n", aliyun_iot_event_name(event->kind));
        exit(1);
    }
}

int main(int argc, char **argv) {
    arguments asked = read_arguments(argc, argv);
    bsd_port port;
    aliyun_iot_device *device;
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        return 1;
    }
    bsd_port_init(&port, device, NULL, NULL);
    port.tell = tell;
    aliyun_iot_plain_login login = {
        .server = { .host = aliyun_iot_str(asked.host), .port = (uint16_t)asked.port, .without_tls = true },
        .client_id = ALIYUN_IOT_STR("ours"),
    };

    double begun = seconds();
    if (aliyun_iot_connect_plain(device, &login, NULL, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        return 1;
    }
    while (!online) {
        bsd_port_turn(&port, 10000);
    }
    double connected = seconds();

    aliyun_iot_bytes topic = ALIYUN_IOT_STR(TOPIC), payload = ALIYUN_IOT_STR(PAYLOAD);
    for (long left = asked.count; left > 0 || aliyun_iot_unacknowledged(device) > 0;) {
        while (left > 0 && aliyun_iot_unacknowledged(device) < (size_t)asked.window) {
            aliyun_iot_status status = aliyun_iot_publish(device, topic, payload, (uint8_t)asked.qos, NULL);
            if (status == ALIYUN_IOT_STATUS_FULL) {
                break;
            }
            if (status != ALIYUN_IOT_STATUS_OK) {
                fprintf(stderr, "publish: %s\n", aliyun_iot_status_text(status));
                return 1;
            }
            left--;
            if (asked.qos == 0) {
                bsd_port_send(&port);
            }
        }
        if (left > 0 || aliyun_iot_unacknowledged(device) > 0) {
            bsd_port_turn(&port, 10000);
        }
    }
    double ended = seconds();
    report(begun, connected, ended, asked.count);

    aliyun_iot_close(device, bsd_port_now_ms());
    while (!closed) {
        bsd_port_turn(&port, 1000);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device);
    return 0;
}
