#include "port.h"

#include "board.h"

#define CONNACK "\x20\x02\x00\x00"

static uint64_t memory[2048 / sizeof(uint64_t)];
// What the largest operation needs: a payload of 256 KiB, or 200 filters.
static uint8_t rx[300 * 1024], tx[300 * 1024], topics[16 * 1024];
static aliyun_iot_device *device;

static void must(aliyun_iot_status status) {
    if (status != ALIYUN_IOT_STATUS_OK) {
        board_fail("a call");
    }
}

void port_online(size_t tx_size) {
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, tx_size }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_aliyun_login login = {
        .identity = { ALIYUN_IOT_STR("a1B2c3D4e5F"), ALIYUN_IOT_STR("thermometer-0000000001") },
        .device_secret = ALIYUN_IOT_STR("0123456789abcdef0123456789abcdef"),
    };
    aliyun_iot_link link;
    if (tx_size > sizeof tx) {
        board_fail("the send buffer is too large");
    }
    aliyun_iot_drop(device);
    must(aliyun_iot_init(place, &buffers, 1, &device));
    must(aliyun_iot_connect_aliyun(device, &login, NULL, 0));
    if (!aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link)) {
        board_fail("no link is wanted");
    }
    aliyun_iot_link_up(device, ALIYUN_IOT_LINK_SESSION, link.attempt, 0);
    port_send();
    port_read(CONNACK, sizeof CONNACK - 1);
    port_expect(ALIYUN_IOT_EVENT_CONNECTION_UP, 1);
}

void port_subscribe(const char *filter) {
    aliyun_iot_bytes request;
    must(aliyun_iot_subscribe(device, aliyun_iot_str(filter), 0));
    if (!aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &request) || request.data[0] != 0x82) {
        board_fail("no SUBSCRIBE");
    }
    uint8_t suback[5] = { 0x90, 3, request.data[2], request.data[3], 0 };
    port_send();
    port_read(suback, sizeof suback);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED, 1);
}

uint16_t port_publish(const void *payload, size_t len, uint8_t qos) {
    uint16_t packet_id;
    aliyun_iot_bytes topic = ALIYUN_IOT_STR(TOPIC), bytes = { payload, len };
    must(aliyun_iot_publish(device, topic, bytes, qos, &packet_id));
    return packet_id;
}

void port_send(void) {
    aliyun_iot_bytes bytes;
    while (aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &bytes)) {
        aliyun_iot_sent(device, ALIYUN_IOT_LINK_SESSION, bytes.len, 0);
    }
}

void port_read(const void *data, size_t len) {
    aliyun_iot_buffer space;
    if (!aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &space) || space.len < len) {
        board_fail("no space");
    }
    __builtin_memcpy(space.data, data, len);
    aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, len, 0);
}

void port_read_puback(uint16_t packet_id) {
    uint8_t puback[4] = { 0x40, 2, (uint8_t)(packet_id >> 8), (uint8_t)packet_id };
    port_read(puback, sizeof puback);
}

void port_expect(int32_t kind, uint32_t count) {
    aliyun_iot_event event;
    uint32_t found = 0;
    while (aliyun_iot_poll(device, &event, 0)) {
        found += event.kind == kind;
    }
    if (found != count) {
        board_fail("other events than expected");
    }
}
