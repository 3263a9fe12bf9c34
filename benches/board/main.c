// What the core does for one message on a Cortex-M3, through its C ABI and as it is shipped: no network, no MicroPython.
// Run by qemu with `-icount shift=0`, where each instruction takes a nanosecond; SysTick counts 25 MHz, so 40 instructions
// to a tick. Prints a line for each operation: its name, and instructions for one.
#include <stddef.h>

#include "aliyun_iot.h"

#define COUNT (1000)
#define INSTRUCTIONS_PER_TICK (40)
#define TICKS_MAX (0xffffff)
// 47 and 64 bytes, and what they become on the way in.
#define TOPIC "/a1B2c3D4e5F/thermometer-0000000001/user/report"
#define PAYLOAD "{\"temperature\":21.5,\"humidity\":40,\"battery\":97,\"uptime\":1234567}"
#define PUBLISH "\x30\x71\x00\x2f" TOPIC PAYLOAD
#define CONNACK "\x20\x02\x00\x00"

static uint64_t memory[2048 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[1024], topics[64];
static aliyun_iot_device *device;

// ---- The board ----

extern uint32_t stack_top[];
void reset(void);

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = { stack_top, (void *)reset };

static volatile uint32_t *const systick = (volatile uint32_t *)0xe000e010; // control, reload, value

static void semihost(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void say(const char *text) {
    semihost(0x04, text); // SYS_WRITE0
}

__attribute__((noreturn)) static void end(void) {
    for (;;) {
        semihost(0x18, (void *)0x20026); // SYS_EXIT, as planned
    }
}

static void fail(const char *what) {
    say("failed: ");
    say(what);
    say("\n");
    end();
}

// ---- The link that is none ----

static void receive(const char *data, size_t len) {
    aliyun_iot_buffer space;
    if (!aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &space) || space.len < len) {
        fail("no room");
    }
    __builtin_memcpy(space.data, data, len);
    aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, len, 0);
}

static void send(void) {
    aliyun_iot_bytes packet;
    if (!aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &packet)) {
        fail("nothing to send");
    }
    aliyun_iot_sent(device, ALIYUN_IOT_LINK_SESSION, packet.len, 0);
}

static void expect(int32_t kind) {
    aliyun_iot_event event;
    if (!aliyun_iot_poll(device, &event, 0) || event.kind != kind) {
        fail("not the event that was waited for");
    }
    if (aliyun_iot_poll(device, &event, 0)) {
        fail("one event more");
    }
}

static void connect(void) {
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_plain_login login = { .server = { .host = ALIYUN_IOT_STR("localhost"), .without_tls = true } };
    aliyun_iot_link link;
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK
        || aliyun_iot_connect_plain(device, &login, NULL, 0) != ALIYUN_IOT_STATUS_OK
        || !aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link)) {
        fail("connect");
    }
    aliyun_iot_link_up(device, ALIYUN_IOT_LINK_SESSION, link.attempt, 0);
    send();
    receive(CONNACK, sizeof CONNACK - 1);
    expect(ALIYUN_IOT_EVENT_CONNECTION_UP);
}

// ---- What is measured ----

static uint16_t publish(uint8_t qos) {
    uint16_t id;
    aliyun_iot_bytes topic = ALIYUN_IOT_STR(TOPIC), payload = ALIYUN_IOT_STR(PAYLOAD);
    aliyun_iot_status status = aliyun_iot_publish(device, topic, payload, qos, &id);
    if (status != ALIYUN_IOT_STATUS_OK) {
        fail(aliyun_iot_status_text(status));
    }
    send();
    return id;
}

static void qos0(void) {
    publish(0);
}

static void qos1(void) {
    uint16_t id = publish(1);
    char puback[4] = { 0x40, 2, (char)(id >> 8), (char)id };
    receive(puback, sizeof puback);
    expect(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED);
}

static void received(void) {
    receive(PUBLISH, sizeof PUBLISH - 1);
    expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED);
}

static uint32_t ticks(void (*operation)(void)) {
    systick[2] = 0;
    for (int i = 0; i < COUNT; i++) {
        operation();
    }
    return TICKS_MAX - systick[2];
}

static void measure(const char *name, void (*operation)(void)) {
    operation();
    uint32_t instructions = ticks(operation) * INSTRUCTIONS_PER_TICK / COUNT;
    char digits[12] = { 0 };
    char *at = digits + sizeof digits - 2;
    *at = '\n';
    do {
        *--at = (char)('0' + instructions % 10);
        instructions /= 10;
    } while (instructions > 0);
    say(name);
    say(" ");
    say(at);
}

void reset(void) {
    systick[1] = TICKS_MAX;
    systick[0] = 5; // on, at the processor's clock, no interrupt
    connect();
    measure("qos0", qos0);
    measure("qos1", qos1);
    measure("received", received);
    end();
}
