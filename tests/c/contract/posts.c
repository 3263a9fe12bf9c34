// Posts, and the platform's replies.
#include "server.h"
#include "families.h"

static void posts_without_a_reply(void) {
    device *d = online();
    event e;
    uint32_t property = 0, raw = 0, dropped = 0;
    IS(aliyun_iot_post_properties(d, text("{}"), &property, 0), OK);
    IS(aliyun_iot_post_event(d, text("e"), text("{}"), NULL, 0), OK);
    IS(aliyun_iot_post_raw(d, text("x"), &raw, 0), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) <= 10000);
    EXPECT(aliyun_iot_poll(d, &e, 10000) && e.kind == ALIYUN_IOT_EVENT_MODEL_NO_REPLY && e.as.model.no_reply.id == property);
    EXPECT(e.as.model.no_reply.cause == ALIYUN_IOT_NO_REPLY_OVERDUE);
    EXPECT(aliyun_iot_poll(d, &e, 10000) && e.kind == ALIYUN_IOT_EVENT_RAW_NO_REPLY && e.as.raw.no_reply.id == raw);
    EXPECT(!aliyun_iot_poll(d, &e, 10000));
    take(d, 10000);
    IS(aliyun_iot_post_raw(d, text("x"), &dropped, 10000), OK);
    take(d, 10000);
    // A PUBLISH of 65,000 bytes, which `rx` does not hold.
    static uint8_t head[1024];
    static const char topic[] = "/sys/pk/dn/thing/model/up_raw_reply";
    size_t n = 0;
    head[n++] = 0x30, head[n++] = 0xe8, head[n++] = 0xfb, head[n++] = 0x03, head[n++] = 0, head[n++] = sizeof topic - 1;
    memcpy(head + n, topic, sizeof topic - 1);
    aliyun_iot_buffer space;
    while (aliyun_iot_space(d, ALIYUN_IOT_LINK_SESSION, &space)) {
        size_t count = space.len < sizeof head ? space.len : sizeof head;
        memcpy(space.data, head, count);
        aliyun_iot_received(d, ALIYUN_IOT_LINK_SESSION, count, 10000);
        memset(head, 'x', sizeof head);
        if (aliyun_iot_poll(d, &e, 10000)) break;
    }
    EXPECT(e.kind == ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED && e.as.raw.reply_dropped.id == dropped);
    EXPECT(e.as.raw.reply_dropped.needed == 65004);
    IS(aliyun_iot_post_properties(d, text("{}"), &property, 10000), OK);
    aliyun_iot_link link;
    EXPECT(aliyun_iot_link_wanted(d, ALIYUN_IOT_LINK_SESSION, &link));
    aliyun_iot_link_lost(d, ALIYUN_IOT_LINK_SESSION, link.attempt, 0, 10000);
    EXPECT(aliyun_iot_poll(d, &e, 10000) && e.kind == ALIYUN_IOT_EVENT_MODEL_NO_REPLY && e.as.model.no_reply.id == property);
    EXPECT(e.as.model.no_reply.cause == ALIYUN_IOT_NO_REPLY_LINK_ENDED);
    EXPECT(aliyun_iot_poll(d, &e, 10000) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_LOST);
    finish(d);
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
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char payload[256];
        IS(aliyun_iot_post_properties(d, text("{}"), &id, 0), OK);
        snprintf(payload, sizeof payload, "{\"message\":%s,\"id\":\"%u\",\"code\":460}", cases[i].message, (unsigned)id);
        feed_publish(d, "/sys/pk/dn/thing/event/property/post_reply", payload, 9, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MODEL_REPLY && e.as.model.reply.id == id && e.as.model.reply.code == 460);
        EXPECT(is(e.as.model.reply.message, cases[i].wanted));
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        take(d, 0);
        EXPECT(sends(puback, 4));
    }
    finish(d);
}

const check posts_checks[] = {
    CHECK(posts_without_a_reply),
    CHECK(replies_are_text),
    {NULL, NULL},
};
