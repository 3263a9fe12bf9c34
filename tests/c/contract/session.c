// A session: its login, its options, its links, its clock, and another device beside it.
#include "server.h"
#include "families.h"

static void no_login_no_service(void) {
    device *d = make();
    aliyun_iot_plain_login plain = {.server = {.host = text("h"), .without_tls = true}, .client_id = text("c")};
    IS(aliyun_iot_publish(d, text("/t"), none, 1, NULL), NOT_CONNECTED);
    IS(aliyun_iot_close(d, 0), NOT_CONNECTED);
    IS(aliyun_iot_connect_plain(d, &plain, NULL, 0), OK);
    aliyun_iot_link link;
    EXPECT(aliyun_iot_link_wanted(d, SESSION, &link));
    EXPECT(link.open && !link.tls && link.port == 1883 && is(link.host, "h"));
    IS(aliyun_iot_publish(d, text("/t"), none, 0, NULL), NOT_CONNECTED); // now or never
    EXPECT(publishes(d, "/t", none) == 1); // kept for the session
    EXPECT(aliyun_iot_unacknowledged(d) == 1);
    IS(aliyun_iot_post_properties(d, text("{}"), NULL, 0), NO_SERVICE);
    IS(aliyun_iot_post_event(d, text("e"), text("{}"), NULL, 0), NO_SERVICE);
    IS(aliyun_iot_post_raw(d, none, NULL, 0), NO_SERVICE);
    IS(aliyun_iot_ask_time(d), NO_SERVICE);
    IS(aliyun_iot_get_desired(d, text("[\"a\"]"), NULL, 0), NO_SERVICE);
    IS(aliyun_iot_follow_desired(d, none, buffer(NULL, 0)), NO_SERVICE);
    IS(aliyun_iot_upload(d, text("f"), 1, 0, 256), NO_SERVICE);
    finish(d);
}

// How the options reach the session.
static void options_reach_the_session(void) {
    static const struct {
        aliyun_iot_options options;
        uint16_t keepalive;
        int queued; // QoS 1 messages while the device is offline
    } cases[] = {
        {{0}, 60, 20},
        {{.keepalive = 30, .offline_queue = 1}, 30, 1},
        {{.keepalive = 77, .without_keepalive = true, .offline_queue = 5, .without_offline_queue = true}, 0, 0},
        {{.keep_session = true, .offline_queue = 255}, 60, 20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        device *d = make();
        aliyun_iot_plain_login plain = {.server = {.host = text("h"), .port = 9}, .client_id = text("c")};
        IS(aliyun_iot_connect_plain(d, &plain, &cases[i].options, 0), OK);
        int queued = 0;
        while (queued < 30 && aliyun_iot_publish(d, text("/t"), none, 1, NULL) == STATUS(OK)) queued++;
        EXPECT(queued == cases[i].queued);
        aliyun_iot_link link;
        EXPECT(aliyun_iot_link_wanted(d, SESSION, &link) && link.tls && link.port == 9);
        aliyun_iot_link_up(d, SESSION, link.attempt, 0);
        take(d, 0);
        EXPECT(out[0] == 0x10 && (out[10] << 8 | out[11]) == cases[i].keepalive); // MQTT 3.1.1, section 3.1.2
        EXPECT(!(out[9] & 2) == cases[i].options.keep_session);
        finish(d);
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
    EXPECT(!aliyun_iot_poll(d, &e, now) && !aliyun_iot_to_send(d, SESSION, NULL) && aliyun_iot_poll_in(d, now) == 1);
    now += 1;
    EXPECT(!aliyun_iot_poll(d, &e, now));
    take(d, now);
    EXPECT(out_len == 2 && out[0] == 0xc0);
    now += aliyun_iot_poll_in(d, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_LOST);
    EXPECT(e.as.connection.lost.loss.cause == ALIYUN_IOT_LOSS_PEER && e.as.connection.lost.loss.code == 6);
    EXPECT(e.as.connection.lost.packet == 0 && !e.as.connection.lost.topic.data);
    in = aliyun_iot_poll_in(d, now);
    EXPECT(in >= 500 && in < 1000); // the first wait
    EXPECT(!aliyun_iot_poll(d, &e, now + in));
    attempt(d);
    finish(d);
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
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
        EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) == UINT32_MAX);
        aliyun_iot_link link;
        EXPECT(!aliyun_iot_link_wanted(d, SESSION, &link) && !link.open && link.host.data == NULL);
        online_at(d, 0);
        EXPECT(out_len == first_len && !memcmp(out, first, first_len));
    }
    finish(d);
}

// What to_send gave goes on with the same bytes, whatever came in meanwhile (if elsewhere: ask again).
static void to_send_is_stable(void) {
    device *d = online();
    event e;
    EXPECT(publishes(d, "/t", text("first")) == 1);
    take(d, 0);
    EXPECT(publishes(d, "/t", text("second")) == 2);
    aliyun_iot_bytes before, after;
    EXPECT(aliyun_iot_to_send(d, SESSION, &before));
    uint8_t copy[64];
    EXPECT(before.len > 3 && before.len < sizeof copy);
    memcpy(copy, before.data, before.len);
    aliyun_iot_sent(d, SESSION, 3, 0);
    feed(d, "\x40\x02\x00\x01", 4, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_DELIVERED && e.as.messages.delivered.packet_id == 1);
    EXPECT(aliyun_iot_to_send(d, SESSION, &after) && after.len == before.len - 3 && !memcmp(after.data, copy + 3, after.len));
    finish(d);
}

static void kept_over_links(void) {
    device *d = online();
    event e;
    EXPECT(publishes(d, "/t", text("kept")) == 1);
    take(d, 0);
    aliyun_iot_link_lost(d, SESSION, attempt(d), 104, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_LOST);
    EXPECT(e.as.connection.lost.loss.cause == ALIYUN_IOT_LOSS_LINK && e.as.connection.lost.loss.code == 104);
    EXPECT(!has_space(d) && aliyun_iot_unacknowledged(d) == 1);
    uint32_t now = aliyun_iot_poll_in(d, 0);
    EXPECT(!aliyun_iot_poll(d, &e, now));
    aliyun_iot_link_up(d, SESSION, attempt(d), now);
    take(d, now);
    feed(d, "\x20\x02\x00\x00", 4, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_UP && e.as.connection.up.again);
    take(d, now);
    EXPECT(out[0] == 0x3a && sends("kept", 4)); // DUP
    finish(d);
}

static void two_devices(void) {
    device *one = online();
    struct held kept = held;
    device *two = make();
    EXPECT(one != two && aliyun_iot_is_online(one) && !aliyun_iot_is_started(two));
    online_at(two, 0);
    finish(two);
    EXPECT(aliyun_iot_is_online(one));
    held = kept;
    finish(one);
}

const check session_checks[] = {
    CHECK(no_login_no_service),
    CHECK(options_reach_the_session),
    CHECK(time_wraps),
    CHECK(secrets),
    CHECK(login_again),
    CHECK(to_send_is_stable),
    CHECK(kept_over_links),
    CHECK(two_devices),
    {NULL, NULL},
};
