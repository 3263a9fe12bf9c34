// What does a queue cost? `n` QoS 0 messages are published while the link is busy; then the link takes them.
#include "operations.h"
#include "port.h"

static uint32_t messages;

static void prepare(uint32_t n) {
    messages = n;
    port_online(PORT_TX);
}

static void burst(void) {
    for (uint32_t i = 0; i < messages; i++) {
        port_publish(PAYLOAD, sizeof PAYLOAD - 1, 0);
    }
    port_send();
}

const operation operation_queue = { "queue", prepare, burst };
