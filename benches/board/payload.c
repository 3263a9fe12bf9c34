// What does a message cost whose payload has `n` bytes?
#include "board.h"
#include "operations.h"
#include "port.h"

#define PAYLOAD_MAX (256 * 1024)

// The payload, and in front of it what makes a received PUBLISH of it: at most 4 bytes of remaining length.
static uint8_t packet[5 + 2 + sizeof TOPIC - 1 + PAYLOAD_MAX];
static uint8_t *const payload = packet + sizeof packet - PAYLOAD_MAX;
static uint8_t *start;
static uint32_t length;

static void prepare(uint32_t n) {
    if (n > PAYLOAD_MAX) {
        board_fail("the payload is too large");
    }
    length = n;
    port_online(PAYLOAD_MAX + PORT_TX);
}

static void prepare_received(uint32_t n) {
    prepare(n);
    port_subscribe(TOPIC);
    uint8_t head[5] = { 0x30 };
    size_t size = 1;
    for (uint32_t left = 2 + sizeof TOPIC - 1 + n; left > 0; left >>= 7) {
        head[size++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    }
    uint8_t *topic = payload - (sizeof TOPIC - 1);
    __builtin_memcpy(topic, TOPIC, sizeof TOPIC - 1);
    topic[-2] = 0;
    topic[-1] = sizeof TOPIC - 1;
    start = topic - 2 - size;
    __builtin_memcpy(start, head, size);
}

static void qos0(void) {
    port_publish(payload, length, 0);
    port_send();
}

static void qos1(void) {
    uint16_t packet_id = port_publish(payload, length, 1);
    port_send();
    port_read_puback(packet_id);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, 1);
}

// The copy from the link into the receive buffer counts.
static void received(void) {
    port_read(start, (size_t)(payload + length - start));
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 1);
}

const operation operation_payload0 = { "payload0", prepare, qos0 };
const operation operation_payload1 = { "payload1", prepare, qos1 };
const operation operation_payload_received = { "payload_received", prepare_received, received };
