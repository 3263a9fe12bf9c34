// Messages and subscriptions.
#include "server.h"
#include "families.h"

// What Alibaba's platform would close the connection for, and how much it is.
static void topics_at_fault(void) {
    device *d = online();
    char long_topic[300] = "/pk/dn/user/";
    for (size_t length = strlen(long_topic); length < sizeof long_topic; length++) long_topic[length] = 'x';
    const size_t lengths[] = {128, 129, 255};
    for (size_t i = 0; i < 3; i++) {
        aliyun_iot_bytes topic = {(const uint8_t *)long_topic, lengths[i]};
        IS(aliyun_iot_publish(d, topic, none, i % 2, NULL), ALIYUN_TOPIC_LENGTH);
        EXPECT(actual(d) == lengths[i]);
        IS(aliyun_iot_subscribe(d, topic, 0), ALIYUN_TOPIC_LENGTH);
        EXPECT(actual(d) == lengths[i]);
    }
    uint16_t id = 77;
    IS(aliyun_iot_publish(d, (aliyun_iot_bytes){(const uint8_t *)long_topic, 127}, none, 0, &id), OK);
    EXPECT(id == 0);
    IS(aliyun_iot_publish(d, text("/pk/dn/user/4/5/6/7/8/9"), none, 1, NULL), ALIYUN_TOPIC_LEVELS);
    EXPECT(actual(d) == 9);
    const char *others[] = {"/pk/typo/user/a", "/other/dn/user/a", "/sys/pk/typo/thing/event/property/post", "t"};
    for (size_t i = 0; i < 4; i++) {
        IS(aliyun_iot_publish(d, text(others[i]), none, 1, NULL), ALIYUN_TOPIC_OWNER);
        IS(aliyun_iot_subscribe(d, text(others[i]), 1), ALIYUN_TOPIC_OWNER);
    }
    EXPECT(aliyun_iot_unacknowledged(d) == 0);
    finish(d);
}

// A server that closes the link right behind a message: an event says so, and the message is given up.
static void given_up_is_told(void) {
    device *d = online();
    event e;
    uint32_t now = 1000;
    EXPECT(publishes(d, "/bad", text("x")) == 1);
    for (int session = 0;; session++) {
        EXPECT(session < 4);
        take(d, now);
        aliyun_iot_link link;
        EXPECT(aliyun_iot_link_wanted(d, SESSION, &link) && link.open);
        aliyun_iot_link_lost(d, SESSION, link.attempt, 0, now);
        EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_LOST);
        EXPECT(e.as.connection.lost.packet == ALIYUN_IOT_PACKET_PUBLISH && is(e.as.connection.lost.topic, "/bad"));
        EXPECT(e.as.connection.lost.loss.cause == ALIYUN_IOT_LOSS_LINK && e.as.connection.lost.loss.code == 0);
        if (aliyun_iot_poll(d, &e, now)) break;
        EXPECT(session < 3);
        now += 20000;
        EXPECT(!aliyun_iot_poll(d, &e, now));
        EXPECT(aliyun_iot_link_wanted(d, SESSION, &link) && link.open);
        aliyun_iot_link_up(d, SESSION, link.attempt, now);
        take(d, now); // CONNECT
        feed(d, (uint8_t[]){0x20, 2, 0, 0}, 4, now);
        EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_UP);
        EXPECT(!aliyun_iot_poll(d, &e, now));
        take(d, now);
        if (session > 0) { // it was PINGREQ: does the session live?
            EXPECT(out[0] == 0xc0);
            feed(d, (uint8_t[]){0xd0, 0}, 2, now);
            EXPECT(!aliyun_iot_poll(d, &e, now));
        }
    }
    EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP && e.as.messages.given_up.packet == ALIYUN_IOT_PACKET_PUBLISH);
    EXPECT(e.as.messages.given_up.packet_id == 1 && is(e.as.messages.given_up.topic, "/bad"));
    EXPECT(aliyun_iot_unacknowledged(d) == 0);
    finish(d);
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
    while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED);
    EXPECT(aliyun_iot_is_online(d));
    finish(d);
}

static void unsubscribe_before_the_answer(void) {
    device *d = online();
    event e;
    IS(aliyun_iot_subscribe(d, text("/a"), 0), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_unsubscribe(d, text("/a")), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    feed(d, "\x90\x03\x00\x01\x00", 5, 0);
    while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED);
    EXPECT(aliyun_iot_is_online(d));
    finish(d);
}

// One event names the filter of a subscription that has ended, and the filter's space is free after that.
static void unsubscribed_is_told(void) {
    device *d = make_of(1024, 1024, 21);
    event e;
    EXPECT(d);
    online_at(d, 0);
    for (uint8_t id = 1; id < 7; id += 2) {
        IS(aliyun_iot_subscribe(d, text("/some/filter"), 1), OK);
        feed(d, (uint8_t[]){0x90, 3, 0, id, 1}, 5, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED && e.as.messages.subscribed.granted);
        IS(aliyun_iot_unsubscribe(d, text("/some/filter")), OK);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        take(d, 0);
        feed(d, (uint8_t[]){0xb0, 2, 0, (uint8_t)(id + 1)}, 4, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED);
        EXPECT(is(e.as.messages.unsubscribed.filter, "/some/filter"));
        EXPECT(!aliyun_iot_poll(d, &e, 0));
    }
    finish(d);
}

static aliyun_iot_counters counters(device *d) {
    aliyun_iot_counters counts;
    EXPECT(aliyun_iot_get_counters(d, &counts));
    return counts;
}

// An acknowledgement of no packet under way is counted, and changes nothing.
static void unknown_acks(void) {
    device *d = online();
    event e;
    EXPECT(counters(d).unknown_acks == 0);
    EXPECT(publishes(d, "/t", text("x")) == 1);
    take(d, 0);
    feed(d, "\x40\x02\x00\x09\x90\x03\x00\x09\x01\xb0\x02\x00\x09", 13, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_is_online(d));
    EXPECT(counters(d).unknown_acks == 3 && aliyun_iot_unacknowledged(d) == 1);
    feed(d, "\x40\x02\x00\x01", 4, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_DELIVERED && e.as.messages.delivered.packet_id == 1);
    feed(d, "\x40\x02\x00\x00", 4, 0); // no packet has the identifier 0
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_LOST && e.as.connection.lost.loss.code == 3);
    EXPECT(counters(d).unknown_acks == 3);
    finish(d);
}

// A message that does not fit rx is skipped, reported and counted; the next one is not harmed.
static void dropped_is_counted(void) {
    device *d = online();
    event e;
    for (uint32_t count = 1; count < 3; count++) {
        static uint8_t packet[3 + 2 + 10 + 1500];
        const size_t rest = sizeof packet - 3;
        memcpy(packet, (uint8_t[]){0x30, (uint8_t)(rest | 0x80), (uint8_t)(rest >> 7), 0, 10}, 5);
        memcpy(packet + 5, "/pk/dn/get", 10);
        for (size_t at = 0; at < sizeof packet;) {
            aliyun_iot_buffer space;
            while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_DROPPED);
            EXPECT(aliyun_iot_space(d, SESSION, &space));
            size_t piece = space.len < sizeof packet - at ? space.len : sizeof packet - at;
            memcpy(space.data, packet + at, piece);
            aliyun_iot_received(d, SESSION, piece, 0);
            at += piece;
            if (aliyun_iot_poll(d, &e, 0)) {
                EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_DROPPED && e.as.messages.dropped.count == count);
                EXPECT(e.as.messages.dropped.needed >= sizeof packet);
            }
        }
        EXPECT(counters(d).dropped == count);
        feed_publish(d, set_topic, set_payload, 9, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CALL_PROPERTIES);
    }
    finish(d);
}

static void members_of_messages(void) {
    device *d = online();
    IS(aliyun_iot_subscribe(d, text("/pk/dn/#"), 0), OK);
    IS(aliyun_iot_subscribe(d, text("/pk/dn/no"), 1), OK);
    event e;
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    feed(d, "\x90\x03\x00\x01\x00\x90\x03\x00\x02\x80", 10, 0);
    e = next(d, ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED, 0);
    EXPECT(is(e.as.messages.subscribed.filter, "/pk/dn/#") && e.as.messages.subscribed.granted);
    e = next(d, ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED, 0);
    EXPECT(is(e.as.messages.subscribed.filter, "/pk/dn/no") && !e.as.messages.subscribed.granted);
    static const struct {
        uint8_t header;
        bool dup, retain;
    } cases[] = {{0x30, false, false}, {0x31, false, true}, {0x3b, true, true}};
    for (size_t i = 0; i < 3; i++) {
        uint8_t qos = cases[i].header >> 1 & 1;
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        uint8_t packet[] = {cases[i].header, 10, 0, 8, '/', 'p', 'k', '/', 'd', 'n', '/', 't', 0, 3};
        packet[1] = qos ? 12 : 10;
        feed(d, packet, 2 + packet[1], 0);
        e = next(d, ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 0);
        EXPECT(is(e.as.messages.received.topic, "/pk/dn/t") && e.as.messages.received.payload.len == 0);
        EXPECT(e.as.messages.received.qos == qos && e.as.messages.received.dup == cases[i].dup);
        EXPECT(e.as.messages.received.retain == cases[i].retain);
    }
    finish(d);
}

const check messages_checks[] = {
    CHECK(topics_at_fault),
    CHECK(given_up_is_told),
    CHECK(subscribe_twice_at_once),
    CHECK(unsubscribe_before_the_answer),
    CHECK(unsubscribed_is_told),
    CHECK(unknown_acks),
    CHECK(dropped_is_counted),
    CHECK(members_of_messages),
    {NULL, NULL},
};
