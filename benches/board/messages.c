// What does one message cost?
#include "operations.h"
#include "port.h"

static void prepare(uint32_t n) {
    (void)n;
    port_online(PORT_TX);
}

static void prepare_received(uint32_t n) {
    prepare(n);
    port_subscribe(TOPIC);
}

static void qos0(void) {
    port_publish(PAYLOAD, sizeof PAYLOAD - 1, 0);
    port_send();
}

static void qos1(void) {
    uint16_t packet_id = port_publish(PAYLOAD, sizeof PAYLOAD - 1, 1);
    port_send();
    port_read_puback(packet_id);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, 1);
}

static void received(void) {
    port_read(PUBLISH, sizeof PUBLISH - 1);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 1);
}

const operation operation_qos0 = { "qos0", prepare, qos0 };
const operation operation_qos1 = { "qos1", prepare, qos1 };
const operation operation_received = { "received", prepare_received, received };
