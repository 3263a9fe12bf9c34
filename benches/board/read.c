// What does one read cost that brings `n` messages? The user gets each.
#include "board.h"
#include "operations.h"
#include "port.h"

#define MESSAGES_MAX (50)

static char packets[MESSAGES_MAX * (sizeof PUBLISH - 1)];
static uint32_t messages;

static void prepare(uint32_t n) {
    if (n > MESSAGES_MAX) {
        board_fail("too many messages");
    }
    messages = n;
    port_online(PORT_TX);
    port_subscribe(TOPIC);
    for (uint32_t i = 0; i < n; i++) {
        __builtin_memcpy(packets + i * (sizeof PUBLISH - 1), PUBLISH, sizeof PUBLISH - 1);
    }
}

static void burst(void) {
    port_read(packets, messages * (sizeof PUBLISH - 1));
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, messages);
}

const operation operation_read = { "read", prepare, burst };
