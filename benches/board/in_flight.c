// What does a publish cost while `n` other messages wait for their PUBACK?
#include "operations.h"
#include "port.h"

#define WINDOW (20)

static uint16_t in_flight[WINDOW];
static uint32_t waiting, oldest;

static uint16_t publish(void) {
    uint16_t packet_id = port_publish(PAYLOAD, sizeof PAYLOAD - 1, 1);
    port_send();
    return packet_id;
}

static void prepare(uint32_t n) {
    port_online(PORT_TX);
    waiting = n;
    oldest = 0;
    for (uint32_t i = 0; i < n; i++) {
        in_flight[i] = publish();
    }
}

static void qos0(void) {
    port_publish(PAYLOAD, sizeof PAYLOAD - 1, 0);
    port_send();
}

// With the PUBACK of the oldest message.
static void qos1(void) {
    in_flight[(oldest + waiting) % WINDOW] = publish();
    port_read_puback(in_flight[oldest]);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, 1);
    oldest = (oldest + 1) % WINDOW;
}

const operation operation_in_flight0 = { "in_flight0", prepare, qos0 };
const operation operation_in_flight1 = { "in_flight1", prepare, qos1 };
