// What docs/c-abi.md promises of aliyun_iot_to_send and aliyun_iot_sent: all packets that may go, in one write; any count may be
// reported; bytes that were offered stay. `gathered` lists the checks, `gathered name` runs one. This program plays the server.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aliyun_iot.h"

#define EXPECT(x) ((x) ? (void)0 : (printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #x), exit(1)))
#define WINDOW (20)

enum { SESSION = ALIYUN_IOT_LINK_SESSION };

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[4096], topics[64];
static aliyun_iot_device *device;
static uint16_t ids[WINDOW];

static void start(void) {
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_plain_login login = { .server = { .host = ALIYUN_IOT_STR("h"), .without_tls = true }, .client_id = ALIYUN_IOT_STR("c") };
    aliyun_iot_options options = { .keep_session = true };
    EXPECT(aliyun_iot_init(place, &buffers, 1, &device) == ALIYUN_IOT_STATUS_OK);
    EXPECT(aliyun_iot_connect_plain(device, &login, &options, 0) == ALIYUN_IOT_STATUS_OK);
}

static void publish(int number, uint8_t qos) {
    char payload[8];
    uint16_t id = 0;
    snprintf(payload, sizeof payload, "m%02d", number);
    EXPECT(aliyun_iot_publish(device, aliyun_iot_str("t"), aliyun_iot_str(payload), qos, &id) == ALIYUN_IOT_STATUS_OK);
    if (number < WINDOW) {
        ids[number] = id;
    }
}

static aliyun_iot_bytes waiting(void) {
    aliyun_iot_bytes bytes;
    aliyun_iot_to_send(device, SESSION, &bytes);
    return bytes;
}

static void feed(const void *bytes, size_t len, uint32_t now) {
    aliyun_iot_buffer space;
    EXPECT(aliyun_iot_space(device, SESSION, &space) && space.len >= len);
    memcpy(space.data, bytes, len);
    aliyun_iot_received(device, SESSION, len, now);
}

static void acknowledge(uint16_t id, uint32_t now) {
    uint8_t puback[] = { 0x40, 2, (uint8_t)(id >> 8), (uint8_t)id };
    feed(puback, sizeof puback, now);
}

static unsigned poll_all(int32_t kind, uint32_t now) { // how many events are of that kind
    unsigned count = 0;
    for (aliyun_iot_event event; aliyun_iot_poll(device, &event, now);) {
        count += event.kind == kind;
    }
    return count;
}

static uint16_t attempt(void) {
    aliyun_iot_link link;
    EXPECT(aliyun_iot_link_wanted(device, SESSION, &link) && link.open);
    return link.attempt;
}

// The link is up; CONNECT is a write of its own.
static void log_in(uint32_t now, uint8_t session_present) {
    uint8_t connack[] = { 0x20, 2, session_present, 0 };
    aliyun_iot_link_up(device, SESSION, attempt(), now);
    aliyun_iot_bytes connect = waiting();
    EXPECT(connect.len > 2 && connect.data[0] == 0x10 && connect.len == 2U + connect.data[1]);
    aliyun_iot_sent(device, SESSION, connect.len, now);
    EXPECT(waiting().len == 0);
    feed(connack, sizeof connack, now);
    EXPECT(poll_all(ALIYUN_IOT_EVENT_CONNECTION_UP, now) == 1);
}

// Loses the link and waits for the next attempt; the time then.
static uint32_t lose(uint32_t now) {
    aliyun_iot_link_lost(device, SESSION, attempt(), 104, now);
    EXPECT(poll_all(ALIYUN_IOT_EVENT_CONNECTION_LOST, now) == 1);
    for (aliyun_iot_link link; !aliyun_iot_link_wanted(device, SESSION, &link);) {
        now += aliyun_iot_poll_in(device, now);
        poll_all(0, now);
    }
    return now;
}

// Reads `len` bytes as whole PUBLISH packets whose payloads are numbered from `first` on; how many there are.
static int packets(const uint8_t *bytes, size_t len, int first) {
    int count = 0;
    for (size_t at = 0, size; at < len; at += size, count++) {
        char payload[8];
        snprintf(payload, sizeof payload, "m%02d", first + count);
        EXPECT((bytes[at] & 0xf0) == 0x30 && bytes[at + 1] < 0x80); // all are short
        size = 2U + bytes[at + 1];
        EXPECT(at + size <= len && memcmp(bytes + at + size - 3, payload, 3) == 0);
    }
    return count;
}

static void a_publish_alone_is_one_packet(void) {
    start();
    log_in(0, 0);
    for (int i = 0; i < WINDOW; i++) {
        publish(i, i % 2 == 0);
        aliyun_iot_bytes bytes = waiting();
        EXPECT(packets(bytes.data, bytes.len, i) == 1);
        aliyun_iot_sent(device, SESSION, bytes.len, 0);
        EXPECT(waiting().len == 0);
    }
}

static void twenty_are_one_write(void) {
    start();
    for (int i = 0; i < WINDOW; i++) {
        publish(i, 1);
    }
    log_in(0, 0);
    aliyun_iot_bytes bytes = waiting();
    EXPECT(packets(bytes.data, bytes.len, 0) == WINDOW);
    aliyun_iot_sent(device, SESSION, bytes.len, 0);
    EXPECT(waiting().len == 0 && aliyun_iot_unacknowledged(device) == WINDOW);
    for (int i = 0; i < WINDOW; i++) {
        acknowledge(ids[i], 0);
    }
    EXPECT(poll_all(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, 0) == WINDOW);
}

// A write may end at any byte of the run, and messages of both kinds go on behind it.
static void a_write_may_end_anywhere(void) {
    for (size_t end = 1;; end++) {
        start();
        for (int i = 0; i < 6; i++) {
            publish(i, 1);
        }
        log_in(0, 0);
        uint8_t all[512];
        aliyun_iot_bytes bytes = waiting();
        size_t len = bytes.len;
        EXPECT(len < sizeof all);
        if (end > len) {
            break;
        }
        memcpy(all, bytes.data, len);
        aliyun_iot_sent(device, SESSION, end, 0);
        publish(6, 0);
        publish(7, 1);
        bytes = waiting();
        EXPECT(bytes.len > len - end && memcmp(bytes.data, all + end, len - end) == 0);
        EXPECT(packets(bytes.data + len - end, bytes.len - (len - end), 6) == 2);
        // What was sent as a whole can be acknowledged meanwhile.
        int whole = 0;
        for (size_t at = 0; at + 2 + all[at + 1] <= end; at += 2U + all[at + 1]) {
            acknowledge(ids[whole++], 0);
        }
        EXPECT(poll_all(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, 0) == (unsigned)whole);
        bytes = waiting();
        EXPECT(memcmp(bytes.data, all + end, len - end) == 0);
        aliyun_iot_sent(device, SESSION, bytes.len, 0);
        EXPECT(waiting().len == 0 && aliyun_iot_unacknowledged(device) == 7U - (size_t)whole);
        aliyun_iot_drop(device);
    }
}

// TLS that asks for a retry has made a record of these bytes.
static void offered_bytes_stay(void) {
    start();
    for (int i = 0; i < 10; i++) {
        publish(i, 1);
    }
    log_in(0, 0);
    aliyun_iot_bytes bytes = waiting();
    aliyun_iot_sent(device, SESSION, bytes.len, 0);
    uint32_t now = lose(10000); // later than a server that refuses a packet
    log_in(now, 1);
    bytes = waiting();
    uint8_t offered[512];
    size_t len = bytes.len;
    EXPECT(len < sizeof offered && packets(bytes.data, len, 0) == 10);
    EXPECT(bytes.data[0] == 0x3a); // DUP
    memcpy(offered, bytes.data, len);
    // The server may acknowledge on the new link what came to it on the old one, and the caller may publish more.
    acknowledge(ids[0], now);
    acknowledge(ids[4], now);
    acknowledge(ids[9], now);
    EXPECT(poll_all(ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, now) == 3);
    publish(10, 1);
    publish(11, 0);
    bytes = waiting();
    EXPECT(bytes.len > len && memcmp(bytes.data, offered, len) == 0);
    EXPECT(packets(bytes.data + len, bytes.len - len, 10) == 2);
    aliyun_iot_sent(device, SESSION, len, now);
    bytes = waiting();
    EXPECT(packets(bytes.data, bytes.len, 10) == 2);
    aliyun_iot_sent(device, SESSION, bytes.len, now);
    EXPECT(waiting().len == 0 && aliyun_iot_unacknowledged(device) == 8);
}

static const struct {
    const char *name;
    void (*run)(void);
} checks[] = {
#define CHECK(name) { #name, name }
    CHECK(a_publish_alone_is_one_packet),
    CHECK(twenty_are_one_write),
    CHECK(a_write_may_end_anywhere),
    CHECK(offered_bytes_stay),
};

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (argc < 2) {
            puts(checks[i].name);
        } else if (strcmp(argv[1], checks[i].name) == 0) {
            checks[i].run();
            aliyun_iot_drop(device);
            return 0;
        }
    }
    return argc < 2 ? 0 : 2;
}
