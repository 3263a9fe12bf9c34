#include "port.h"

#include "board.h"

// What the send buffer holds at most.
#define PACKETS_MAX (32)
#define HOUR_MS (3600000)
#define CONNACK "\x20\x02\x00\x00"

static uint64_t memory[2048 / sizeof(uint64_t)];
// What the largest operation needs: a payload of 256 KiB, or 200 filters.
static uint8_t rx[300 * 1024], tx[300 * 1024], topics[16 * 1024];
static aliyun_iot_device *device;
static uint32_t now_ms;

static void must(aliyun_iot_status status) {
    if (status != ALIYUN_IOT_STATUS_OK) {
        board_fail("a call");
    }
}

// Opens the link that is wanted, and the server accepts the login.
static void log_in(void) {
    aliyun_iot_link link;
    if (!aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link)) {
        board_fail("no link is wanted");
    }
    aliyun_iot_link_up(device, ALIYUN_IOT_LINK_SESSION, link.attempt, now_ms);
    port_send();
    port_read(CONNACK, sizeof CONNACK - 1);
    port_expect(ALIYUN_IOT_EVENT_CONNECTION_UP, 1);
}

void port_online(size_t tx_size) {
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, tx_size }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_aliyun_login login = {
        .identity = { ALIYUN_IOT_STR("a1B2c3D4e5F"), ALIYUN_IOT_STR("thermometer-0000000001") },
        .device_secret = ALIYUN_IOT_STR("0123456789abcdef0123456789abcdef"),
    };
    if (tx_size > sizeof tx) {
        board_fail("the send buffer is too large");
    }
    aliyun_iot_drop(device);
    must(aliyun_iot_init(place, &buffers, 1, &device));
    must(aliyun_iot_connect_aliyun(device, &login, NULL, now_ms));
    log_in();
}

void port_reconnect(void) {
    aliyun_iot_link link;
    now_ms += HOUR_MS;
    if (!aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link)) {
        board_fail("no link");
    }
    aliyun_iot_link_lost(device, ALIYUN_IOT_LINK_SESSION, link.attempt, 104, now_ms);
    port_expect(ALIYUN_IOT_EVENT_CONNECTION_LOST, 1);
    while (!aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link)) {
        now_ms += aliyun_iot_poll_in(device, now_ms);
        port_poll();
    }
    log_in();
}

void port_subscribe(const char *filter) {
    must(aliyun_iot_subscribe(device, aliyun_iot_str(filter), 0));
    port_answer_subscribes();
}

void port_answer_subscribes(void) {
    aliyun_iot_bytes requests;
    while (aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &requests)) {
        uint8_t subacks[PACKETS_MAX * 5];
        size_t len = 0;
        // The remaining length of each takes one byte.
        for (const uint8_t *at = requests.data; at < requests.data + requests.len; at += 2 + at[1]) {
            if (at[0] != 0x82 || len == sizeof subacks) {
                board_fail("no SUBSCRIBE, or too many");
            }
            __builtin_memcpy(subacks + len, (uint8_t[]){ 0x90, 3, at[2], at[3], 0 }, 5);
            len += 5;
        }
        port_send();
        port_read(subacks, len);
        port_poll();
    }
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
        aliyun_iot_sent(device, ALIYUN_IOT_LINK_SESSION, bytes.len, now_ms);
    }
}

void port_read(const void *data, size_t len) {
    aliyun_iot_buffer space;
    if (!aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &space) || space.len < len) {
        board_fail("no space");
    }
    __builtin_memcpy(space.data, data, len);
    aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, len, now_ms);
}

void port_read_puback(uint16_t packet_id) {
    uint8_t puback[4] = { 0x40, 2, (uint8_t)(packet_id >> 8), (uint8_t)packet_id };
    port_read(puback, sizeof puback);
}

static uint32_t poll(int32_t kind) {
    aliyun_iot_event event;
    uint32_t found = 0;
    while (aliyun_iot_poll(device, &event, now_ms)) {
        found += event.kind == kind;
    }
    return found;
}

void port_poll(void) {
    poll(0);
}

void port_expect(int32_t kind, uint32_t count) {
    if (poll(kind) != count) {
        board_fail("other events than expected");
    }
}
