// An event: how long it is valid, and when the next one comes.
#include "server.h"
#include "families.h"

static void event_lives_until_the_next_poll(void) {
    device *d = online();
    event e;
    IS(aliyun_iot_subscribe(d, text("/pk/dn/user/get"), 1), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    feed(d, "\x90\x03\x00\x01\x01", 5, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED && e.as.messages.subscribed.granted);
    EXPECT(is(e.as.messages.subscribed.filter, "/pk/dn/user/get"));
    feed_publish(d, "/pk/dn/user/get", "hello", 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_RECEIVED);
    const aliyun_iot_messages_received *message = &e.as.messages.received;
    EXPECT(message->qos == 1 && !message->dup && !message->retain && aliyun_iot_is_utf8(message->payload));
    IS(aliyun_iot_publish(d, message->topic, message->payload, 1, NULL), OK); // its own texts may be given back
    IS(aliyun_iot_post_properties(d, text("{}"), NULL, 0), OK);
    IS(aliyun_iot_subscribe(d, text("/pk/dn/user/other"), 1), OK);
    take(d, 0);
    EXPECT(!has_space(d) && !sends(puback, 4)); // not acknowledged before the event is finished
    EXPECT(is(message->payload, "hello") && is(message->topic, "/pk/dn/user/get"));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(sends(puback, 4));
    finish(d);
}

static void close_in_an_event(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_close(d, 0), OK);
    EXPECT(is(e.as.call.properties.params, "{\"a\":1}"));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    server_closes(d);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
    EXPECT(sends("\"code\":200", 10) && sends(puback, 4));
    // MQTT 3.1.1, section 3.14.4: nothing is sent after a DISCONNECT.
    EXPECT(out[out_len - 2] == 0xe0 && out[out_len - 1] == 0);
    finish(d);
}

// tx is full of packets that the link does not take. What arrives waits; once tx is sent, its event comes without a further
// byte from the server: by poll, and by poll_in to those who sleep on it.
static device *clogged(void) {
    device *d = online();
    event e;
    static uint8_t payload[600];
    IS(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){payload, sizeof payload}, 0, NULL), OK);
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
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CALL_PROPERTIES);
    finish(d);
}

static void room_is_told_by_poll_in(void) {
    device *d = clogged();
    take(d, 0);
    EXPECT(aliyun_iot_poll_in(d, 0) == 0);
    finish(d);
}

// The event has been filled with other bytes before: of a kind without details all of them are 0.
static void unused_members_are_zero(void) {
    device *d = online();
    IS(aliyun_iot_close(d, 0), OK);
    take(d, 0);
    server_closes(d);
    event e = next(d, ALIYUN_IOT_EVENT_CONNECTION_CLOSED, 0);
    const uint8_t *bytes = (const uint8_t *)&e.as;
    for (size_t i = 0; i < sizeof e.as; i++) EXPECT(bytes[i] == 0);
    finish(d);
}

const check events_checks[] = {
    CHECK(event_lives_until_the_next_poll),
    CHECK(close_in_an_event),
    CHECK(room_lets_poll_go_on),
    CHECK(room_is_told_by_poll_in),
    CHECK(unused_members_are_zero),
    {NULL, NULL},
};
