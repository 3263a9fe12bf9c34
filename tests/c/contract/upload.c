// Uploads.
#include "server.h"
#include "families.h"

// Sends a reply to the request of an upload that was sent last.
static void reply_to_upload(device *d, const char *what, int code, const char *data) {
    char topic[96], payload[256];
    snprintf(topic, sizeof topic, "/sys/pk/dn/thing/file/upload/mqtt/%s_reply", what);
    snprintf(payload, sizeof payload, "{\"id\":\"%s\",\"code\":%d,\"message\":\"\",\"data\":%s}", sent_after("{\"id\":\""), code, data);
    feed_publish(d, topic, payload, 9, 0);
}

static void members_of_uploads(void) {
    static const uint8_t content[300] = "begin";
    for (int fails = 0; fails < 2; fails++) {
        device *d = make_of(1024, 2048, 128);
        EXPECT(d);
        online_at(d, 0);
        event e;
        uint64_t sum = aliyun_iot_crc64(aliyun_iot_crc64(0, (aliyun_iot_bytes){content, 100}), (aliyun_iot_bytes){content + 100, 200});
        EXPECT(sum == aliyun_iot_crc64(0, (aliyun_iot_bytes){content, 300}));
        IS(aliyun_iot_upload(d, text("a b"), 300, sum, 256), FILE_NAME);
        IS(aliyun_iot_upload(d, text("a"), 0, sum, 256), FILE_SIZE);
        IS(aliyun_iot_upload(d, text("a"), 300, sum, 255), BLOCK);
        IS(aliyun_iot_upload(d, text("a"), 1 << 20, sum, 131072), TOO_LARGE);
        EXPECT(needed(d) > 131072);
        IS(aliyun_iot_upload(d, text("a"), 300, sum, 256), OK);
        IS(aliyun_iot_upload(d, text("b"), 300, sum, 256), FULL);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        take(d, 0); // two subscriptions, then the request, which needs them
        feed(d, "\x90\x03\x00\x01\x00\x90\x03\x00\x02\x00", 10, 0);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        if (!sends("init", 4)) take(d, 0);
        reply_to_upload(d, "init", 200, "{\"uploadId\":\"u1\",\"offset\":0}");
        for (uint32_t offset = 0; offset < 300; offset += 256) {
            e = next(d, ALIYUN_IOT_EVENT_UPLOAD_BLOCK, 0);
            EXPECT(e.as.upload.block.offset == offset && e.as.upload.block.length == (offset ? 44 : 256));
            aliyun_iot_buffer place = {NULL, 0};
            EXPECT(aliyun_iot_upload_place(d, &place) && place.len == e.as.upload.block.length);
            memcpy(place.data, content + offset, place.len);
            aliyun_iot_upload_filled(d, 0);
            EXPECT(!aliyun_iot_upload_place(d, &place) && !place.data && !place.len);
            take(d, 0);
            EXPECT(sends(content + offset, e.as.upload.block.length));
            bool last = offset > 0;
            char data[64];
            snprintf(data, sizeof data, "{\"uploadId\":\"u1\",\"offset\":%u,\"bSize\":%u,\"complete\":%s}", (unsigned)offset,
                (unsigned)e.as.upload.block.length, last ? "true" : "false");
            reply_to_upload(d, "send", fails ? 78125 : 200, data);
            if (fails) break;
        }
        if (fails) {
            e = next(d, ALIYUN_IOT_EVENT_UPLOAD_FAILED, 0);
            EXPECT(e.as.upload.failed.cause == ALIYUN_IOT_UPLOAD_REFUSED && e.as.upload.failed.code == 78125);
            aliyun_iot_cancel_upload(d); // there is none any more
        } else {
            e = next(d, ALIYUN_IOT_EVENT_UPLOAD_DONE, 0);
            EXPECT(is(e.as.upload.done.id, "u1"));
        }
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        finish(d);
    }
}

const check upload_checks[] = {
    CHECK(members_of_uploads),
    {NULL, NULL},
};
