// Desired values of properties.
#include "server.h"
#include "families.h"

// Sends a reply to the request for desired properties that was sent last.
static void reply_to_desired(device *d, const char *what, int code, const char *data) {
    char topic[96], payload[256];
    snprintf(topic, sizeof topic, "/sys/pk/dn/thing/property/desired/%s_reply", what);
    snprintf(payload, sizeof payload, "{\"id\":\"%s\",\"code\":%d,\"message\":\"m\\u0021\",\"data\":%s}", sent_after("{\"id\":\""), code, data);
    feed_publish(d, topic, payload, 9, 0);
}

static void members_of_desired(void) {
    EXPECT(aliyun_iot_features() & ALIYUN_IOT_FEATURE_DESIRED);
    device *d = online();
    event e;
    uint32_t id = 0;
    static const char data[] = "{\"a\":{\"value\":1,\"version\":2},\"b\":{\"value\":\"x\",\"version\":1}}";
    aliyun_iot_error error;
    IS(aliyun_iot_get_desired(d, text("[\"a b\"]"), &id, 0), JSON);
    EXPECT(aliyun_iot_last_error(d, &error) && error.offset == 1);
    IS(aliyun_iot_get_desired(d, none, &id, 0), JSON);
    IS(aliyun_iot_delete_desired(d, text("{}"), &id, 0), JSON);
    EXPECT(id == 0);
    IS(aliyun_iot_get_desired(d, text("[\"a\",\"b\"]"), &id, 0), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    reply_to_desired(d, "get", 200, data);
    e = next(d, ALIYUN_IOT_EVENT_DESIRED_REPLY, 0);
    EXPECT(id && e.as.desired.reply.id == id && e.as.desired.reply.code == 200);
    EXPECT(is(e.as.desired.reply.message, "m!") && is(e.as.desired.reply.data, data));
    uint32_t deleted = 0;
    IS(aliyun_iot_delete_desired(d, text("{\"a\":{\"version\":2}}"), &deleted, 0), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    reply_to_desired(d, "delete", 460, "{}");
    e = next(d, ALIYUN_IOT_EVENT_DESIRED_REPLY, 0);
    EXPECT(deleted != id && e.as.desired.reply.id == deleted && e.as.desired.reply.code == 460 && e.as.desired.reply.data.len == 0);
    // The memory holds the names and 4 bytes for each.
    uint8_t memory[9 + 2 * 4];
    IS(aliyun_iot_follow_desired(d, text("[\"a\",\"b\"]"), buffer(memory, sizeof memory - 1)), TOO_LARGE);
    EXPECT(needed(d) == sizeof memory);
    IS(aliyun_iot_follow_desired(d, text("[\"a\",\"b\"]"), buffer(memory, sizeof memory)), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    reply_to_desired(d, "get", 200, data);
    e = next(d, ALIYUN_IOT_EVENT_DESIRED_VALUES, 0);
    EXPECT(is(e.as.desired.values.data, data));
    IS(aliyun_iot_follow_desired(d, text("[\"a\",\"b\"]"), buffer(memory, sizeof memory)), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    reply_to_desired(d, "get", 429, "{}");
    e = next(d, ALIYUN_IOT_EVENT_DESIRED_FAILED, 0);
    EXPECT(e.as.desired.failed.code == 429 && is(e.as.desired.failed.message, "m!"));
    IS(aliyun_iot_follow_desired(d, none, buffer(NULL, 0)), OK);
    IS(aliyun_iot_get_desired(d, text("[\"a\"]"), &id, 0), OK);
    aliyun_iot_link link;
    EXPECT(aliyun_iot_link_wanted(d, ALIYUN_IOT_LINK_SESSION, &link));
    aliyun_iot_link_lost(d, ALIYUN_IOT_LINK_SESSION, link.attempt, 0, 0);
    e = next(d, ALIYUN_IOT_EVENT_DESIRED_NO_REPLY, 0);
    EXPECT(e.as.desired.no_reply.id == id && e.as.desired.no_reply.cause == ALIYUN_IOT_NO_REPLY_LINK_ENDED);
    finish(d);
}

const check desired_checks[] = {
    CHECK(members_of_desired),
    {NULL, NULL},
};
