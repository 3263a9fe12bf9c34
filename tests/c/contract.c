// What docs/c-abi.md promises, tried without a network: this program plays the server, byte by byte.
// `contract` lists the checks, `contract name` runs one. Memory has its exact size, so that valgrind sees a byte too far.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aliyun_iot.h"

#define EXPECT(x) ((x) ? (void)0 : (printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #x), exit(1)))
#define STATUS(name) ALIYUN_IOT_STATUS_##name
#define IS(call, name) EXPECT((call) == ALIYUN_IOT_STATUS_##name)

typedef aliyun_iot_device device;
typedef aliyun_iot_event event;

static const aliyun_iot_bytes none;
static const char secret[] = "0123456789abcdefFEDCBA9876543210";
static uint8_t out[8192]; // what the device has sent
static size_t out_len;
static struct held {
    void *memory, *rx, *tx, *topics;
} held;

static aliyun_iot_bytes text(const char *s) { return (aliyun_iot_bytes){(const uint8_t *)s, strlen(s)}; }

static device *make_of(size_t rx, size_t tx, size_t topics) {
    size_t size = aliyun_iot_device_size();
    held = (struct held){malloc(size), malloc(rx ? rx : 1), malloc(tx ? tx : 1), malloc(topics ? topics : 1)};
    return aliyun_iot_init(held.memory, size, held.rx, rx, held.tx, tx, held.topics, topics, 7);
}
static void release(void) { free(held.memory), free(held.rx), free(held.tx), free(held.topics); }
static device *make(void) {
    device *d = make_of(1024, 1024, 128);
    EXPECT(d);
    return d;
}
static void end(device *d) {
    aliyun_iot_drop(d);
    release();
}

static aliyun_iot_credentials credentials(void) {
    return (aliyun_iot_credentials){.product_key = text("pk"), .device_name = text("dn"), .device_secret = text(secret)};
}
static uint16_t attempt(device *d) {
    aliyun_iot_link link = {0};
    aliyun_iot_link_wanted(d, &link);
    EXPECT(link.open);
    return link.attempt;
}
// What a server does when it is told goodbye.
static void server_closes(device *d) {
    aliyun_iot_link_lost(d, attempt(d), 0, 0);
}

static void take(device *d, uint32_t now) { // sends all, in small pieces
    out_len = 0;
    for (aliyun_iot_bytes packet; (packet = aliyun_iot_to_send(d)).len > 0;) {
        size_t piece = packet.len > 100 ? 100 : packet.len;
        EXPECT(out_len + piece <= sizeof out);
        memcpy(out + out_len, packet.data, piece);
        out_len += piece;
        aliyun_iot_sent(d, piece, now);
    }
}
static bool sends(const void *bytes, size_t len) { return memmem(out, out_len, bytes, len) != NULL; }
static void feed(device *d, const void *bytes, size_t len, uint32_t now) {
    size_t room = 0;
    uint8_t *space = aliyun_iot_space(d, &room);
    EXPECT(space && room >= len);
    memcpy(space, bytes, len);
    aliyun_iot_received(d, len, now);
}
static void feed_publish(device *d, const char *topic, const char *payload, uint8_t id, uint32_t now) { // QoS 1
    uint8_t packet[1024];
    size_t topic_len = strlen(topic), len = strlen(payload), rest = 4 + topic_len + len;
    EXPECT(rest < 1000);
    size_t at = 0;
    packet[at++] = 0x32;
    if (rest > 127) {
        packet[at++] = (uint8_t)(rest | 0x80);
    }
    packet[at++] = rest > 127 ? (uint8_t)(rest >> 7) : (uint8_t)rest;
    packet[at++] = 0, packet[at++] = (uint8_t)topic_len;
    memcpy(packet + at, topic, topic_len);
    at += topic_len;
    packet[at++] = 0, packet[at++] = id;
    memcpy(packet + at, payload, len);
    feed(d, packet, at + len, now);
}
static const char set_topic[] = "/sys/pk/dn/thing/service/property/set";
static const char set_payload[] = "{\"id\":\"5\",\"params\":{\"a\":1}}";
static const uint8_t puback[] = {0x40, 2, 0, 9};

static void online_at(device *d, uint32_t now) {
    aliyun_iot_credentials login = credentials();
    event e;
    IS(aliyun_iot_connect(d, &login, now), OK);
    aliyun_iot_link_up(d, attempt(d), now);
    take(d, now);
    EXPECT(out[0] == 0x10);
    feed(d, "\x20\x02\x00\x00", 4, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_KIND_CONNECTED && !e.again);
    EXPECT(!aliyun_iot_poll(d, &e, now) && aliyun_iot_is_online(d));
}
static device *online(void) {
    device *d = make();
    online_at(d, 0);
    return d;
}

// ---- The checks ----

static void null_device(void) {
    aliyun_iot_credentials login = credentials();
    aliyun_iot_login plain = {.host = text("h"), .client_id = text("c")};
    aliyun_iot_link link = {0};
    event e;
    uint8_t byte;
    uint32_t id = 77;
    size_t room = 0;
    IS(aliyun_iot_move_tx(NULL, &byte, 1), NULL);
    aliyun_iot_drop(NULL);
    IS(aliyun_iot_connect(NULL, &login, 0), NULL);
    IS(aliyun_iot_connect_plain(NULL, &plain, 0), NULL);
    IS(aliyun_iot_register(NULL, &(aliyun_iot_registration){0}, 0), NULL);
    IS(aliyun_iot_close(NULL, 0), NULL);
    EXPECT(!aliyun_iot_is_online(NULL) && !aliyun_iot_is_started(NULL) && !aliyun_iot_is_registering(NULL));
    EXPECT(aliyun_iot_unacknowledged(NULL) == 0 && aliyun_iot_unknown_acks(NULL) == 0 && aliyun_iot_needed(NULL) == 0);
    IS(aliyun_iot_publish(NULL, text("/t"), none, 0), NULL);
    IS(aliyun_iot_subscribe(NULL, text("/t"), 0), NULL);
    IS(aliyun_iot_unsubscribe(NULL, text("/t")), NULL);
    IS(aliyun_iot_post_properties(NULL, text("{}"), &id), NULL);
    IS(aliyun_iot_post_event(NULL, text("e"), text("{}"), &id), NULL);
    IS(aliyun_iot_post_raw(NULL, text("x")), NULL);
    IS(aliyun_iot_answer(NULL, 200, none), NULL);
    EXPECT(aliyun_iot_answer_later(NULL).data == NULL);
    IS(aliyun_iot_reply(NULL, text("/t"), none, 200, none), NULL);
    EXPECT(id == 77);
    aliyun_iot_link_wanted(NULL, &link);
    EXPECT(!link.open);
    aliyun_iot_link_up(NULL, 1, 0);
    aliyun_iot_link_lost(NULL, 1, 0, 0);
    EXPECT(aliyun_iot_to_send(NULL).data == NULL && aliyun_iot_to_send(NULL).len == 0);
    aliyun_iot_sent(NULL, 1, 0);
    EXPECT(aliyun_iot_space(NULL, &room) == NULL && room == 0);
    aliyun_iot_received(NULL, 1, 0);
    EXPECT(!aliyun_iot_poll(NULL, &e, 0));
    EXPECT(aliyun_iot_poll_in(NULL, 0) == UINT32_MAX);
}

// With no device, what is asked for by pointer is still told: a caller that did not set it reads no rubbish.
static void null_device_still_tells(void) {
    aliyun_iot_link link = {.open = true};
    size_t room = 99;
    EXPECT(aliyun_iot_space(NULL, &room) == NULL);
    EXPECT(room == 0);
    aliyun_iot_link_wanted(NULL, &link);
    EXPECT(!link.open);
}

static void null_arguments(void) {
    device *d = make();
    IS(aliyun_iot_connect(d, NULL, 0), NULL);
    IS(aliyun_iot_connect_plain(d, NULL, 0), NULL);
    IS(aliyun_iot_move_tx(d, NULL, 9), NULL);
    aliyun_iot_link_wanted(d, NULL);
    EXPECT(aliyun_iot_space(d, NULL) == NULL);
    EXPECT(!aliyun_iot_poll(d, NULL, 0));
    online_at(d, 0);
    EXPECT(aliyun_iot_space(d, NULL) != NULL);
    IS(aliyun_iot_publish(d, none, text("x"), 1), TOPIC);
    EXPECT(aliyun_iot_publish(d, text("/t"), none, 1) > 0); // a payload may be empty
    EXPECT(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){NULL, 99}, 1) > 0); // NULL: the length does not count
    IS(aliyun_iot_subscribe(d, none, 0), TOPIC);
    IS(aliyun_iot_unsubscribe(d, none), TOPIC);
    IS(aliyun_iot_post_properties(d, none, NULL), JSON);
    IS(aliyun_iot_post_properties(d, text("{}"), NULL), OK);
    IS(aliyun_iot_post_event(d, none, text("{}"), NULL), EVENT_ID);
    IS(aliyun_iot_post_event(d, text("e"), none, NULL), JSON);
    IS(aliyun_iot_post_event(d, text("e"), text("{}"), NULL), OK);
    IS(aliyun_iot_post_raw(d, none), OK);
    end(d);
}

static void memory(void) {
    size_t size = aliyun_iot_device_size();
    uint8_t *m = malloc(size + 8), b[3][1024];
    EXPECT(aliyun_iot_init(m, size, b[0], 1024, b[1], 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(m, size - 1, b[0], 1024, b[1], 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(m, 0, b[0], 1024, b[1], 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(m + 1, size, b[0], 1024, b[1], 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(NULL, size, b[0], 1024, b[1], 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(m, size, NULL, 1024, b[1], 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(m, size, b[0], 1024, NULL, 1024, b[2], 1024, 0));
    EXPECT(!aliyun_iot_init(m, size, b[0], 1024, b[1], 1024, NULL, 1024, 0));
    free(m);
}

// Buffers with which no session can ever come about are refused at once, not told as a fault of the server's.
static void tiny_buffers(void) {
    for (int i = 0; i < 4; i++) {
        device *d = i == 0 ? make_of(0, 1024, 0) : i == 1 ? make_of(3, 1024, 0) : i == 2 ? make_of(1024, 0, 0) : make_of(1024, 300, 0);
        EXPECT(d == NULL);
        release();
    }
}

static void credentials_at_fault(void) {
    static const struct {
        size_t field;
        const char *wrong;
        aliyun_iot_status status;
    } cases[] = {
#define CASE(field, wrong, status) {offsetof(aliyun_iot_credentials, field), wrong, STATUS(status)}
        CASE(product_key, NULL, PRODUCT_KEY), CASE(product_key, "", PRODUCT_KEY), CASE(product_key, "a/b", PRODUCT_KEY),
        CASE(product_key, "a12345678901234567890", PRODUCT_KEY), CASE(device_name, NULL, DEVICE_NAME),
        CASE(device_name, "a b", DEVICE_NAME), CASE(device_name, "\xff", DEVICE_NAME), CASE(device_secret, NULL, DEVICE_SECRET),
        CASE(device_secret, "", DEVICE_SECRET), CASE(device_secret, "\n", DEVICE_SECRET), CASE(region, "cn/x", REGION),
        CASE(region, "", REGION), CASE(instance_id, "iot.x", INSTANCE_ID), CASE(host, "", HOST), CASE(host, "a b", HOST),
        CASE(client_id, "a|b", CLIENT_ID), CASE(client_id, "", CLIENT_ID), CASE(sign_method, "hmacsha512", SIGN_METHOD),
    };
    device *d = make();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        aliyun_iot_credentials login = credentials();
        *(aliyun_iot_bytes *)((char *)&login + cases[i].field) = cases[i].wrong ? text(cases[i].wrong) : none;
        aliyun_iot_status status = aliyun_iot_connect(d, &login, 0);
        if (status != cases[i].status) printf("case %zu: %d\n", i, status);
        EXPECT(status == cases[i].status);
        EXPECT(!aliyun_iot_is_started(d));
    }
    static const uint16_t keepalives[] = {1, 29, 1201, 65535};
    for (size_t i = 0; i < sizeof keepalives / sizeof *keepalives; i++) {
        aliyun_iot_credentials login = credentials();
        login.keepalive = keepalives[i];
        IS(aliyun_iot_connect(d, &login, 0), KEEPALIVE);
    }
    static char long_text[600];
    memset(long_text, 'x', sizeof long_text - 1);
    aliyun_iot_login plain = {.host = text("h"), .client_id = text("c"), .password = text("p")};
    IS(aliyun_iot_connect_plain(d, &plain, 0), USER_NAME);
    plain.user_name = text("u"), plain.password = text(long_text);
    IS(aliyun_iot_connect_plain(d, &plain, 0), PASSWORD);
    plain.password = none, plain.client_id = none, plain.keep_session = true;
    IS(aliyun_iot_connect_plain(d, &plain, 0), CLIENT_ID);
    plain.host = none;
    IS(aliyun_iot_connect_plain(d, &plain, 0), HOST);
    online_at(d, 0);
    aliyun_iot_credentials login = credentials();
    IS(aliyun_iot_connect(d, &login, 0), ALREADY_CONNECTED);
    end(d);
}

static void bad_numbers(void) {
    device *d = online();
    event e;
    uint32_t id;
    IS(aliyun_iot_publish(d, text("/t"), none, 2), QOS);
    IS(aliyun_iot_publish(d, text("/t"), none, 255), QOS);
    IS(aliyun_iot_subscribe(d, text("/t"), 2), QOS);
    IS(aliyun_iot_publish(d, text("/a/+"), none, 0), TOPIC);
    IS(aliyun_iot_publish(d, text("\xff"), none, 0), TOPIC);
    IS(aliyun_iot_subscribe(d, text("/a/#/b"), 0), TOPIC);
    IS(aliyun_iot_post_properties(d, text("{\"a\":tru}"), &id), JSON);
    EXPECT(aliyun_iot_needed(d) == 5 || aliyun_iot_needed(d) == 8);
    IS(aliyun_iot_post_properties(d, text("[]"), &id), JSON);
    EXPECT(aliyun_iot_needed(d) == 0);
    char deep[] = "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"; // an object and 32 arrays
    IS(aliyun_iot_post_properties(d, text(deep), &id), NESTING);
    EXPECT(aliyun_iot_needed(d) == 5 + 31);
    IS(aliyun_iot_post_event(d, text("e"), text(deep), &id), NESTING);
    IS(aliyun_iot_reply(d, text("/sys/pk/dn/thing/service/s"), text("1"), 200, text(deep)), NESTING);
    EXPECT(strstr(aliyun_iot_status_text(STATUS(NESTING)), "32"));
    static char filter[257];
    memset(filter, 'x', 256);
    filter[0] = '/';
    IS(aliyun_iot_subscribe(d, text(filter), 0), FILTER_TOO_LONG);
    IS(aliyun_iot_unsubscribe(d, text(filter)), FILTER_TOO_LONG);
    EXPECT(strstr(aliyun_iot_status_text(STATUS(FILTER_TOO_LONG)), "255"));
    IS(aliyun_iot_post_event(d, text("a/b"), text("{}"), &id), EVENT_ID);
    IS(aliyun_iot_answer(d, 200, none), NOT_CONNECTED); // nothing to answer
    static uint8_t large[2000];
    IS(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){large, sizeof large}, 1), TOO_LARGE);
    size_t needed = aliyun_iot_needed(d);
    EXPECT(needed == sizeof large + 9 + 384);
    static uint8_t enormous[256 * 1024 + 1]; // more than the platform takes, whatever the buffer
    IS(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){enormous, sizeof enormous}, 1), PAYLOAD);
    uint8_t *larger = malloc(needed);
    IS(aliyun_iot_move_tx(d, larger, needed), OK);
    EXPECT(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){large, sizeof large}, 1) > 0);
    IS(aliyun_iot_move_tx(d, held.tx, 1024), TOO_LARGE);
    IS(aliyun_iot_publish(d, text("/t"), text("x"), 1), FULL);
    // News of a link that is none of ours changes nothing.
    aliyun_iot_link_up(d, (uint16_t)(attempt(d) + 1), 0);
    aliyun_iot_link_lost(d, (uint16_t)(attempt(d) - 1), 5, 0);
    EXPECT(aliyun_iot_is_online(d) && !aliyun_iot_poll(d, &e, 0));
    // More than there is counts as all there is.
    aliyun_iot_sent(d, SIZE_MAX, 0);
    aliyun_iot_sent(d, SIZE_MAX, 0);
    aliyun_iot_received(d, SIZE_MAX, 0);
    aliyun_iot_received(d, SIZE_MAX, 0);
    for (int i = 0; i < 10; i++) aliyun_iot_poll(d, &e, 0);
    end(d);
    free(larger);
}

// What Alibaba's platform would close the connection for, and how much it is.
static void topics_at_fault(void) {
    device *d = online();
    char long_topic[300] = "/pk/dn/user/";
    for (size_t length = strlen(long_topic); length < sizeof long_topic; length++) long_topic[length] = 'x';
    const size_t lengths[] = {128, 129, 255};
    for (size_t i = 0; i < 3; i++) {
        aliyun_iot_bytes topic = {(const uint8_t *)long_topic, lengths[i]};
        IS(aliyun_iot_publish(d, topic, none, i % 2), TOPIC_LENGTH);
        EXPECT(aliyun_iot_needed(d) == lengths[i]);
        IS(aliyun_iot_subscribe(d, topic, 0), TOPIC_LENGTH);
        EXPECT(aliyun_iot_needed(d) == lengths[i]);
    }
    EXPECT(aliyun_iot_publish(d, (aliyun_iot_bytes){(const uint8_t *)long_topic, 127}, none, 0) == 0);
    IS(aliyun_iot_publish(d, text("/pk/dn/user/4/5/6/7/8/9"), none, 1), TOPIC_LEVELS);
    EXPECT(aliyun_iot_needed(d) == 9);
    const char *others[] = {"/pk/typo/user/a", "/other/dn/user/a", "/sys/pk/typo/thing/event/property/post", "t"};
    for (size_t i = 0; i < 4; i++) {
        IS(aliyun_iot_publish(d, text(others[i]), none, 1), TOPIC_OWNER);
        IS(aliyun_iot_subscribe(d, text(others[i]), 1), TOPIC_OWNER);
    }
    EXPECT(aliyun_iot_unacknowledged(d) == 0);
    end(d);
}

static void no_login_no_thing(void) {
    device *d = make();
    aliyun_iot_login plain = {.host = text("h"), .client_id = text("c"), .without_tls = true};
    IS(aliyun_iot_publish(d, text("/t"), none, 1), NOT_CONNECTED);
    IS(aliyun_iot_close(d, 0), NOT_CONNECTED);
    IS(aliyun_iot_connect_plain(d, &plain, 0), OK);
    aliyun_iot_link link;
    aliyun_iot_link_wanted(d, &link);
    EXPECT(link.open && !link.tls && link.port == 1883 && link.host.len == 1 && link.host.data[0] == 'h');
    IS(aliyun_iot_publish(d, text("/t"), none, 0), NOT_CONNECTED); // now or never
    EXPECT(aliyun_iot_publish(d, text("/t"), none, 1) == 1); // kept for the session
    EXPECT(aliyun_iot_unacknowledged(d) == 1);
    IS(aliyun_iot_post_properties(d, text("{}"), NULL), NO_THING);
    IS(aliyun_iot_post_raw(d, none), NO_THING);
    end(d);
}

static void words_for_every_number(void) {
    for (int status = -31; status <= 0; status++) {
        bool known = status >= -5 || (status <= -10 && status >= -15) || status <= -20;
        if (known) EXPECT(strlen(aliyun_iot_status_text(status)) > 3);
    }
    for (int loss = 0; loss <= 4; loss++)
        for (int code = -3; code < 11; code++) EXPECT(strlen(aliyun_iot_loss_text(loss, code)) > 3);
    EXPECT(strstr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_REFUSED, 4), "password"));
    EXPECT(strstr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_PEER, 6), "does not answer"));
}

// A packet identifier, say, given to the function of words by mistake.
static void words_for_unknown_numbers(void) {
    static const int32_t numbers[] = {1, 7, -6, -9, -19, -32, 65535, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        EXPECT(strlen(aliyun_iot_status_text(numbers[i])) > 3);
        if (numbers[i] != 1) EXPECT(strlen(aliyun_iot_loss_text(numbers[i], 0)) > 3);
    }
}

static void time_wraps(void) {
    device *d = make();
    event e;
    EXPECT(aliyun_iot_poll_in(d, 5) == UINT32_MAX);
    uint32_t now = UINT32_MAX - 1000;
    online_at(d, now);
    uint32_t in = aliyun_iot_poll_in(d, now);
    EXPECT(in > 50000 && in < 60000); // the ping, after the wrap
    now += in - 1;
    EXPECT(!aliyun_iot_poll(d, &e, now) && aliyun_iot_to_send(d).len == 0 && aliyun_iot_poll_in(d, now) == 1);
    now += 1;
    EXPECT(!aliyun_iot_poll(d, &e, now));
    take(d, now);
    EXPECT(out_len == 2 && out[0] == 0xc0);
    now += aliyun_iot_poll_in(d, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_KIND_DISCONNECTED);
    EXPECT(e.loss == ALIYUN_IOT_LOSS_PEER && e.code == 6);
    in = aliyun_iot_poll_in(d, now);
    EXPECT(in >= 500 && in < 1000); // the first wait
    EXPECT(!aliyun_iot_poll(d, &e, now + in));
    attempt(d);
    end(d);
}

static void secrets(void) {
    device *d = online();
    size_t size = aliyun_iot_device_size();
    EXPECT(!memmem(d, size, secret, 8) && !memmem(held.tx, 1024, secret, 8) && !memmem(held.rx, 1024, secret, 8));
    EXPECT(memmem(d, size, "securemode", 10)); // the CONNECT with the signature stays, for the next link
    uint8_t signature[64];
    memcpy(signature, out + out_len - 64, 64);
    EXPECT(memmem(d, size, signature, 64));
    aliyun_iot_drop(d);
    EXPECT(!memmem(held.memory, size, "securemode", 10) && !memmem(held.memory, size, signature, 8));
    release();
}

static void login_again(void) {
    device *d = online();
    event e;
    size_t first_len = out_len;
    uint8_t first[512];
    EXPECT(out_len <= sizeof first);
    memcpy(first, out, out_len);
    for (int round = 0; round < 3; round++) {
        IS(aliyun_iot_close(d, 0), OK);
        take(d, 0);
        EXPECT(out_len == 2 && out[0] == 0xe0);
        server_closes(d);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_CLOSED);
        EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) == UINT32_MAX);
        aliyun_iot_link link;
        aliyun_iot_link_wanted(d, &link);
        EXPECT(!link.open && link.host.data == NULL);
        online_at(d, 0);
        EXPECT(out_len == first_len && !memcmp(out, first, first_len));
    }
    end(d);
}

// What to_send gave goes on with the same bytes, whatever came in meanwhile (if elsewhere: ask again).
static void to_send_is_stable(void) {
    device *d = online();
    event e;
    EXPECT(aliyun_iot_publish(d, text("/t"), text("first"), 1) == 1);
    take(d, 0);
    EXPECT(aliyun_iot_publish(d, text("/t"), text("second"), 1) == 2);
    aliyun_iot_bytes before = aliyun_iot_to_send(d);
    uint8_t copy[64];
    EXPECT(before.len > 3 && before.len < sizeof copy);
    memcpy(copy, before.data, before.len);
    aliyun_iot_sent(d, 3, 0);
    feed(d, "\x40\x02\x00\x01", 4, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_DELIVERED && e.number == 1);
    aliyun_iot_bytes after = aliyun_iot_to_send(d);
    EXPECT(after.len == before.len - 3 && !memcmp(after.data, copy + 3, after.len));
    end(d);
}

static void event_lives_until_the_next_poll(void) {
    device *d = online();
    event e;
    IS(aliyun_iot_subscribe(d, text("/pk/dn/user/get"), 1), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    feed(d, "\x90\x03\x00\x01\x01", 5, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_SUBSCRIBED && e.accepted);
    EXPECT(e.name.len == 15 && !memcmp(e.name.data, "/pk/dn/user/get", 15));
    feed_publish(d, "/pk/dn/user/get", "hello", 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_MESSAGE && e.qos == 1 && e.is_text);
    EXPECT(aliyun_iot_publish(d, e.name, e.payload, 1) > 0); // its own texts may be given back
    IS(aliyun_iot_post_properties(d, text("{}"), NULL), OK);
    IS(aliyun_iot_subscribe(d, text("/pk/dn/user/other"), 1), OK);
    take(d, 0);
    EXPECT(!aliyun_iot_space(d, NULL) && !sends(puback, 4)); // not acknowledged before the event is finished
    EXPECT(e.payload.len == 5 && !memcmp(e.payload.data, "hello", 5) && !memcmp(e.name.data, "/pk/dn/user/get", 15));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(sends(puback, 4));
    end(d);
}

static void answered_once(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_PROPERTIES && e.number == 5);
    IS(aliyun_iot_answer(d, 201, text("{\"b\":2}")), OK);
    IS(aliyun_iot_answer(d, 200, none), NOT_CONNECTED);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(sends("\"code\":201,\"data\":{\"b\":2}", 25) && !sends("\"code\":200", 10) && sends(puback, 4));
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(sends("\"code\":200,\"data\":{}", 20) && sends(puback, 4));
    end(d);
}

static void answered_later(void) {
    device *d = online();
    event e;
    char topic[64] = "", id[8] = "";
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    aliyun_iot_bytes asked = aliyun_iot_answer_later(d);
    memcpy(topic, asked.data, asked.len);
    memcpy(id, e.message_id.data, e.message_id.len);
    EXPECT(!strcmp(topic, set_topic) && aliyun_iot_answer_later(d).data == NULL);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(!sends("\"code\"", 6) && sends(puback, 4));
    IS(aliyun_iot_reply(d, none, text(id), 200, none), TOPIC);
    IS(aliyun_iot_reply(d, text("/a"), text(id), 200, none), TOPIC);
    IS(aliyun_iot_reply(d, text(topic), text(id), 200, text("}{")), JSON);
    IS(aliyun_iot_reply(d, text(topic), text(id), 201, none), OK);
    take(d, 0);
    EXPECT(sends("{\"id\":\"5\",\"code\":201,\"data\":{}}", 31));
    feed_publish(d, "/ext/rrpc/77/my/topic", "?", 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_CALL_RAW && e.number == 77 && e.is_text);
    EXPECT(aliyun_iot_answer_later(d).data != NULL && !aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_reply(d, text("/ext/rrpc/77/my/topic"), none, 0, text("}{")), OK);
    take(d, 0);
    EXPECT(sends("/ext/rrpc/77/my/topic}{", 23));
    end(d);
}

static void answer_must_be_json(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_answer(d, 200, text("}{")), JSON);
    end(d);
}

// A large answer leaves room for the acknowledgement.
static void large_answer_is_acknowledged(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    char data[1024] = "";
    int32_t status = STATUS(TOO_LARGE);
    for (size_t len = 1020; status != STATUS(OK); len--) {
        EXPECT(len > 2);
        snprintf(data, sizeof data, "\"%0*d\"", (int)len - 2, 0);
        status = aliyun_iot_answer(d, 200, text(data));
    }
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(sends(puback, 4));
    end(d);
}

static void close_in_an_event(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_close(d, 0), OK);
    EXPECT(e.payload.len > 4 && !memcmp(e.payload.data, "{\"a\"", 4));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    server_closes(d);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_CLOSED);
    EXPECT(sends("\"code\":200", 10) && sends(puback, 4));
    // MQTT 3.1.1, section 3.14.4: nothing is sent after a DISCONNECT.
    EXPECT(out[out_len - 2] == 0xe0 && out[out_len - 1] == 0);
    end(d);
}

// Twice before the first answer: the answer to the first is no fault of the server's.
static void subscribe_twice_at_once(void) {
    device *d = online();
    event e;
    for (int round = 0; round < 2; round++) {
        IS(aliyun_iot_subscribe(d, text("/a"), (uint8_t)round), OK);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
    }
    feed(d, "\x90\x03\x00\x01\x00", 5, 0);
    while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_KIND_SUBSCRIBED);
    EXPECT(aliyun_iot_is_online(d));
    end(d);
}
static void unsubscribe_before_the_answer(void) {
    device *d = online();
    event e;
    IS(aliyun_iot_subscribe(d, text("/a"), 0), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_unsubscribe(d, text("/a")), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    feed(d, "\x90\x03\x00\x01\x00", 5, 0);
    while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_KIND_SUBSCRIBED);
    EXPECT(aliyun_iot_is_online(d));
    end(d);
}

// The end of a subscription is told with its filter, once, and the filter's room is free after that.
static void unsubscribed_is_told(void) {
    device *d = make_of(1024, 1024, 21);
    event e;
    EXPECT(d);
    online_at(d, 0);
    for (uint8_t id = 1; id < 7; id += 2) {
        IS(aliyun_iot_subscribe(d, text("/some/filter"), 1), OK);
        feed(d, (uint8_t[]){0x90, 3, 0, id, 1}, 5, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_SUBSCRIBED && e.accepted);
        IS(aliyun_iot_unsubscribe(d, text("/some/filter")), OK);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        take(d, 0);
        feed(d, (uint8_t[]){0xb0, 2, 0, (uint8_t)(id + 1)}, 4, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_UNSUBSCRIBED);
        EXPECT(e.name.len == 12 && !memcmp(e.name.data, "/some/filter", 12) && e.payload.data == NULL);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
    }
    end(d);
}

// A server that closes the link right behind a message: it is told so, and the message is given up.
static void given_up_is_told(void) {
    device *d = online();
    event e;
    uint32_t now = 1000;
    EXPECT(aliyun_iot_publish(d, text("/bad"), text("x"), 1) == 1);
    for (int session = 0;; session++) {
        EXPECT(session < 4);
        take(d, now);
        aliyun_iot_link link;
        aliyun_iot_link_wanted(d, &link);
        EXPECT(link.open);
        aliyun_iot_link_lost(d, link.attempt, 0, now);
        EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_KIND_DISCONNECTED);
        EXPECT(e.number == 3 && e.name.len == 4 && !memcmp(e.name.data, "/bad", 4));
        if (aliyun_iot_poll(d, &e, now)) break;
        EXPECT(session < 3);
        now += 20000;
        EXPECT(!aliyun_iot_poll(d, &e, now));
        aliyun_iot_link_wanted(d, &link);
        EXPECT(link.open);
        aliyun_iot_link_up(d, link.attempt, now);
        take(d, now); // CONNECT
        feed(d, (uint8_t[]){0x20, 2, 0, 0}, 4, now);
        EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_KIND_CONNECTED);
        EXPECT(!aliyun_iot_poll(d, &e, now));
        take(d, now);
        if (session > 0) { // it was PINGREQ: does the session live?
            EXPECT(out[0] == 0xc0);
            feed(d, (uint8_t[]){0xd0, 0}, 2, now);
            EXPECT(!aliyun_iot_poll(d, &e, now));
        }
    }
    EXPECT(e.kind == ALIYUN_IOT_EVENT_KIND_GIVEN_UP && e.code == 3 && e.number == 1);
    EXPECT(e.name.len == 4 && !memcmp(e.name.data, "/bad", 4));
    EXPECT(aliyun_iot_unacknowledged(d) == 0);
    end(d);
}

// What names nothing under way is counted, and changes nothing.
static void unknown_acks(void) {
    device *d = online();
    event e;
    EXPECT(aliyun_iot_unknown_acks(NULL) == 0 && aliyun_iot_unknown_acks(d) == 0);
    EXPECT(aliyun_iot_publish(d, text("/t"), text("x"), 1) == 1);
    take(d, 0);
    feed(d, "\x40\x02\x00\x09\x90\x03\x00\x09\x01\xb0\x02\x00\x09", 13, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_is_online(d));
    EXPECT(aliyun_iot_unknown_acks(d) == 3 && aliyun_iot_unacknowledged(d) == 1);
    feed(d, "\x40\x02\x00\x01", 4, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_DELIVERED && e.number == 1);
    feed(d, "\x40\x02\x00\x00", 4, 0); // no packet has the identifier 0
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_DISCONNECTED && e.code == 3);
    EXPECT(aliyun_iot_unknown_acks(d) == 3);
    end(d);
}

// tx is full of packets that the link does not take. What arrives waits; once tx is sent, it is told without a further
// byte from the server: by poll, and by poll_in to those who sleep on it.
static device *clogged(void) {
    device *d = online();
    event e;
    static uint8_t payload[600];
    EXPECT(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){payload, sizeof payload}, 0) == 0);
    for (uint8_t id = 1; id < 6; id++) feed_publish(d, set_topic, set_payload, id, 0);
    int told = 0;
    while (aliyun_iot_poll(d, &e, 0)) told++;
    EXPECT(told > 0 && told < 5);
    return d;
}
static void room_lets_poll_go_on(void) {
    device *d = clogged();
    event e;
    take(d, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_PROPERTIES);
    end(d);
}
static void room_is_told_by_poll_in(void) {
    device *d = clogged();
    take(d, 0);
    EXPECT(aliyun_iot_poll_in(d, 0) == 0);
    end(d);
}

static void kept_over_links(void) {
    device *d = online();
    event e;
    EXPECT(aliyun_iot_publish(d, text("/t"), text("kept"), 1) == 1);
    take(d, 0);
    aliyun_iot_link_lost(d, attempt(d), 104, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_DISCONNECTED);
    EXPECT(e.loss == ALIYUN_IOT_LOSS_LINK && e.code == 104);
    EXPECT(aliyun_iot_space(d, NULL) == NULL && aliyun_iot_unacknowledged(d) == 1);
    uint32_t now = aliyun_iot_poll_in(d, 0);
    EXPECT(!aliyun_iot_poll(d, &e, now));
    aliyun_iot_link_up(d, attempt(d), now);
    take(d, now);
    feed(d, "\x20\x02\x00\x00", 4, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.again);
    take(d, now);
    EXPECT(out[0] == 0x3a && sends("kept", 4)); // DUP
    end(d);
}

static void two_devices(void) {
    device *one = online();
    struct held kept = held;
    device *two = make();
    EXPECT(one != two && aliyun_iot_is_online(one) && !aliyun_iot_is_started(two));
    online_at(two, 0);
    end(two);
    EXPECT(aliyun_iot_is_online(one));
    held = kept;
    end(one);
}

// The registration of `dn`, over HTTP.
static device *registering(void) {
    device *d = make();
    aliyun_iot_registration it = {.product_key = text("pk"), .device_name = text("dn"), .product_secret = text(secret)};
    IS(aliyun_iot_register(d, NULL, 0), NULL);
    it.auth_type = text("other");
    IS(aliyun_iot_register(d, &it, 0), AUTH_TYPE);
    it.auth_type = none, it.product_secret = none;
    IS(aliyun_iot_register(d, &it, 0), PRODUCT_SECRET);
    it.product_secret = text(secret);
    IS(aliyun_iot_register(d, &it, 0), OK);
    IS(aliyun_iot_register(d, &it, 0), ALREADY_CONNECTED);
    aliyun_iot_link link = {0};
    aliyun_iot_link_wanted(d, &link);
    EXPECT(link.open && link.tls && link.port == 443);
    EXPECT(link.host.len == 33 && !memcmp(link.host.data, "iot-auth.cn-shanghai.aliyuncs.com", 33));
    aliyun_iot_link_up(d, link.attempt, 0);
    take(d, 0);
    EXPECT(sends("POST /auth/register/device HTTP/1.1\r\n", 37) && !sends(secret, sizeof secret - 1));
    EXPECT(aliyun_iot_is_registering(d) && !aliyun_iot_is_started(d));
    return d;
}

static void registers(void) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 79\r\n\r\n"
        "{\"code\":200,\"data\":{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":\"new!\"}}";
    device *d = registering();
    event e;
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_REGISTERED);
    EXPECT(e.name.data == NULL && e.payload.len == 4 && !memcmp(e.payload.data, "new!", 4));
    EXPECT(!aliyun_iot_is_registering(d) && aliyun_iot_poll_in(d, 0) == 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) == UINT32_MAX);
    EXPECT(!memmem(held.rx, 1024, "new!", 4));
    online_at(d, 0);
    end(d);
}

// An interim response, and escapes in the secret.
static void registers_with_escapes(void) {
    static const char response[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 82\r\n\r\n"
        "{\"code\":200,\"data\":{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":\"a\\/b!\\\"\"}}";
    device *d = registering();
    event e;
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_REGISTERED);
    EXPECT(e.payload.len == 5 && !memcmp(e.payload.data, "a/b!\"", 5));
    end(d);
}

// Only a JSON string that a device can log in with is a secret, and no length may be told in two ways.
static void no_secret_is_made_up(void) {
    static const char *const values[] = {"null", "true", "1234", "{\"a\":\"b\"}", "[\"s\"]", "\"\"", "\"a b\"", "\"\\u0001\""};
    for (size_t i = 0; i <= sizeof values / sizeof *values; i++) {
        bool two_lengths = i == sizeof values / sizeof *values;
        char body[256], response[512];
        size_t len = (size_t)snprintf(body, sizeof body, "{\"code\":200,\"data\":{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":%s}}",
            two_lengths ? "\"good\"" : values[i]);
        int all = snprintf(response, sizeof response, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n%s\r\n%s", len,
            two_lengths ? "Content-Length: 1\r\n" : "", body);
        device *d = registering();
        event e;
        feed(d, response, (size_t)all, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_FAILED);
        EXPECT(e.loss == ALIYUN_IOT_LOSS_PEER && e.code == 7 && aliyun_iot_is_registering(d));
        end(d);
    }
}

// Over MQTT the answer is acknowledged first, and told when the acknowledgement has left.
static void registration_is_acknowledged(void) {
    device *d = make();
    event e;
    aliyun_iot_registration it = {.product_key = text("pk"), .device_name = text("dn"), .product_secret = text(secret), .auth_type = text("register")};
    IS(aliyun_iot_register(d, &it, 0), OK);
    aliyun_iot_link_up(d, attempt(d), 0);
    take(d, 0);
    feed(d, "\x20\x02\x00\x00", 4, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    feed_publish(d, "/ext/register", "{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":\"new!\"}", 9, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_is_registering(d) && aliyun_iot_poll_in(d, 0) > 1000);
    aliyun_iot_link link = {0};
    aliyun_iot_link_wanted(d, &link);
    EXPECT(link.open);
    take(d, 0);
    EXPECT(out_len == 4 && !memcmp(out, puback, 4) && aliyun_iot_poll_in(d, 0) == 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_REGISTERED);
    EXPECT(e.payload.len == 4 && !memcmp(e.payload.data, "new!", 4));
    aliyun_iot_link_wanted(d, &link);
    EXPECT(!link.open && !aliyun_iot_is_registering(d) && !aliyun_iot_poll(d, &e, 0));
    EXPECT(!memmem(held.rx, 1024, "new!", 4));
    end(d);
}

// The platform's words come as text, and its code whatever they are.
static void replies_are_text(void) {
    static const struct {
        const char *message, *wanted;
    } cases[] = {
        {"\"\\u5c5e\\u6027: \\\"Temp\\\"\"", "\xe5\xb1\x9e\xe6\x80\xa7: \"Temp\""},
        {"\"\\ud83d\\ude00\\ud83d\"", "\xf0\x9f\x98\x80\xef\xbf\xbd"},
        {"null", ""},
        {"{\"a\":1}", ""},
        {"5", ""},
    };
    device *d = online();
    event e;
    uint32_t id = 0;
    IS(aliyun_iot_post_properties(d, text("{}"), &id), OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char payload[256];
        snprintf(payload, sizeof payload, "{\"message\":%s,\"id\":\"%u\",\"code\":460}", cases[i].message, (unsigned)id);
        feed_publish(d, "/sys/pk/dn/thing/event/property/post_reply", payload, 9, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_REPLY && e.number == id && e.code == 460);
        EXPECT(e.payload.len == strlen(cases[i].wanted) && !memcmp(e.payload.data, cases[i].wanted, e.payload.len));
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        take(d, 0);
        EXPECT(sends(puback, 4));
    }
    end(d);
}

static void registration_is_refused(void) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"code\":6288,\"message\":\"active\"}";
    device *d = registering();
    event e;
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_NOT_REGISTERED);
    EXPECT(e.loss == ALIYUN_IOT_LOSS_REFUSED && e.code == 6288 && e.payload.len == 6);
    end(d);
    d = registering();
    IS(aliyun_iot_close(d, 0), OK);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_KIND_CLOSED);
    end(d);
}

static void size(void) { printf("%zu\n", aliyun_iot_device_size()); }

static const struct {
    const char *name;
    void (*run)(void);
} checks[] = {
#define CHECK(name) {#name, name}
    CHECK(null_device), CHECK(null_device_still_tells), CHECK(null_arguments), CHECK(memory), CHECK(tiny_buffers),
    CHECK(credentials_at_fault), CHECK(bad_numbers), CHECK(topics_at_fault), CHECK(given_up_is_told), CHECK(no_login_no_thing), CHECK(words_for_every_number),
    CHECK(words_for_unknown_numbers), CHECK(time_wraps), CHECK(secrets), CHECK(login_again), CHECK(to_send_is_stable),
    CHECK(event_lives_until_the_next_poll), CHECK(answered_once), CHECK(answered_later),
    CHECK(answer_must_be_json),
    CHECK(large_answer_is_acknowledged), CHECK(close_in_an_event), CHECK(subscribe_twice_at_once),
    CHECK(unsubscribe_before_the_answer), CHECK(room_lets_poll_go_on), CHECK(room_is_told_by_poll_in),
    CHECK(unsubscribed_is_told), CHECK(unknown_acks),
    CHECK(kept_over_links), CHECK(two_devices), CHECK(registers),
    CHECK(registers_with_escapes), CHECK(no_secret_is_made_up), CHECK(registration_is_acknowledged),
    CHECK(replies_are_text), CHECK(registration_is_refused),
    CHECK(size),
};

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (argc < 2) {
            puts(checks[i].name);
        } else if (!strcmp(argv[1], checks[i].name)) {
            checks[i].run();
            return 0;
        }
    }
    return argc < 2 ? 0 : 2;
}
