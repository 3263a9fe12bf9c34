// The platform's time.
#include "server.h"
#include "families.h"

static void members_of_time(void) {
    device *d = online();
    event e;
    IS(aliyun_iot_ask_time(d), OK);
    EXPECT(!aliyun_iot_poll(d, &e, 5));
    take(d, 5);
    char payload[128];
    snprintf(payload, sizeof payload, "{\"deviceSendTime\":\"%s\",\"serverRecvTime\":\"1700000000000\",\"serverSendTime\":\"1700000000001\"}",
        sent_after("\"deviceSendTime\":\""));
    feed_publish(d, "/ext/ntp/pk/dn/response", payload, 9, 26);
    e = next(d, ALIYUN_IOT_EVENT_NTP_TIME, 26);
    EXPECT(e.as.ntp.time.unix_ms == 1700000000011 && e.as.ntp.time.error_ms >= 10 && e.as.ntp.time.error_ms < 20);
    IS(aliyun_iot_ask_time(d), OK);
    uint32_t now = 26;
    while (!aliyun_iot_poll(d, &e, now)) { // five requests without a reply, in a session that lives
        take(d, now);
        if (sends("\xc0\x00", 2)) feed(d, "\xd0\x00", 2, now);
        now += 1000;
        EXPECT(now < 60000);
    }
    EXPECT(e.kind == ALIYUN_IOT_EVENT_NTP_FAILED && now > 50000);
    finish(d);
}

const check time_checks[] = {
    CHECK(members_of_time),
    {NULL, NULL},
};
