// Calls of the platform, and their answers.
#include "server.h"
#include "families.h"

static void answered_once(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CALL_PROPERTIES);
    EXPECT(is(e.as.call.properties.message_id, "5") && is(e.as.call.properties.params, "{\"a\":1}"));
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
    finish(d);
}

static void answered_later(void) {
    device *d = online();
    event e;
    uint32_t asked = 0;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_answer_later(d, &asked), TOO_LARGE);
    static uint8_t later[128];
    EXPECT(asked == 0 && needed(d) <= sizeof later);
    IS(aliyun_iot_keep_later(d, buffer(later, sizeof later)), OK);
    IS(aliyun_iot_answer_later(d, &asked), OK);
    IS(aliyun_iot_answer_later(d, &asked), NOT_CONNECTED);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    EXPECT(!sends("\"code\"", 6) && sends(puback, 4));
    IS(aliyun_iot_reply(d, asked + 1, 200, none), NO_REQUEST);
    IS(aliyun_iot_reply(d, asked, 200, text("}{")), JSON);
    IS(aliyun_iot_reply(d, asked, 201, none), OK);
    IS(aliyun_iot_reply(d, asked, 201, none), NO_REQUEST);
    take(d, 0);
    EXPECT(sends("{\"id\":\"5\",\"code\":201,\"data\":{}}", 31));
    feed_publish(d, "/ext/rrpc/77/my/topic", "?", 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CALL_BYTES);
    EXPECT(is(e.as.call.bytes.message_id, "77") && is(e.as.call.bytes.topic, "/my/topic") && is(e.as.call.bytes.payload, "?"));
    EXPECT(is(e.as.call.bytes.full_topic, "/ext/rrpc/77/my/topic"));
    IS(aliyun_iot_answer_later(d, &asked), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_reply(d, asked, 0, text("}{")), OK);
    take(d, 0);
    EXPECT(sends("/ext/rrpc/77/my/topic}{", 23));
    finish(d);
}

static void answer_must_be_json(void) {
    device *d = online();
    event e;
    feed_publish(d, set_topic, set_payload, 9, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0));
    IS(aliyun_iot_answer(d, 200, text("}{")), JSON);
    finish(d);
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
    finish(d);
}

static event next_of(device *d, int32_t kind, const char *topic, const char *payload) {
    event e;
    EXPECT(!aliyun_iot_poll(d, &e, 0)); // the one before is finished
    take(d, 0);
    feed_publish(d, topic, payload, 9, 0);
    return next(d, kind, 0);
}

static void members_of_calls(void) {
    device *d = online();
    event e = next_of(d, ALIYUN_IOT_EVENT_CALL_SERVICE, "/sys/pk/dn/thing/service/reboot", "{\"id\":\"a1\",\"params\":[2]}");
    EXPECT(is(e.as.call.service.message_id, "a1") && is(e.as.call.service.service, "reboot"));
    EXPECT(is(e.as.call.service.params, "[2]") && !e.as.call.service.synchronous);
    e = next_of(d, ALIYUN_IOT_EVENT_CALL_SERVICE, "/ext/rrpc/5/sys/pk/dn/thing/service/reboot", "{\"id\":\"6\",\"params\":{}}");
    EXPECT(is(e.as.call.service.message_id, "6") && e.as.call.service.synchronous);
    e = next_of(d, ALIYUN_IOT_EVENT_CALL_BYTES, "/sys/pk/dn/rrpc/request/7", "\xff");
    EXPECT(is(e.as.call.bytes.message_id, "7") && e.as.call.bytes.topic.len == 0 && is(e.as.call.bytes.payload, "\xff"));
    EXPECT(!aliyun_iot_is_utf8(e.as.call.bytes.payload));
    e = next_of(d, ALIYUN_IOT_EVENT_RAW_DATA, "/sys/pk/dn/thing/model/down_raw", "\x01\x02");
    EXPECT(is(e.as.raw.data, "\x01\x02"));
    e = next_of(d, ALIYUN_IOT_EVENT_RAW_REPLY, "/sys/pk/dn/thing/model/up_raw_reply", "\x03");
    EXPECT(is(e.as.raw.reply.data, "\x03") && e.as.raw.reply.id == 0);
    uint32_t id = 0;
    IS(aliyun_iot_post_raw(d, text("x"), &id, 0), OK);
    e = next_of(d, ALIYUN_IOT_EVENT_RAW_REPLY, "/sys/pk/dn/thing/model/up_raw_reply", "\x03");
    EXPECT(is(e.as.raw.reply.data, "\x03") && e.as.raw.reply.id == id && id > 0);
    finish(d);
}

const check calls_checks[] = {
    CHECK(answered_once),
    CHECK(answered_later),
    CHECK(answer_must_be_json),
    CHECK(large_answer_is_acknowledged),
    CHECK(members_of_calls),
    {NULL, NULL},
};
