#include "server.h"

aliyun_iot_link_id on = SESSION;
const aliyun_iot_bytes none;
uint8_t out[8192];
size_t out_len;
struct held held;

aliyun_iot_bytes text(const char *s) { return aliyun_iot_str(s); }

aliyun_iot_buffer buffer(void *data, size_t len) { return (aliyun_iot_buffer){data, len}; }

device *make_of(size_t rx, size_t tx, size_t topics) {
    size_t size = aliyun_iot_device_size();
    held = (struct held){malloc(size), malloc(rx ? rx : 1), malloc(tx ? tx : 1), malloc(topics ? topics : 1)};
    aliyun_iot_buffers buffers = {buffer(held.rx, rx), buffer(held.tx, tx), buffer(held.topics, topics)};
    device *d = (device *)held.memory; // must not stay as it was
    aliyun_iot_status status = aliyun_iot_init(buffer(held.memory, size), &buffers, 7, &d);
    EXPECT((status == ALIYUN_IOT_STATUS_OK) == (d != NULL));
    if (!d) EXPECT(status == ALIYUN_IOT_STATUS_MEMORY);
    return d;
}

void release(void) { free(held.memory), free(held.rx), free(held.tx), free(held.topics); }

device *make(void) {
    device *d = make_of(1024, 1024, 128);
    EXPECT(d);
    return d;
}

void finish(device *d) {
    aliyun_iot_drop(d);
    release();
}

aliyun_iot_aliyun_login credentials(void) {
    return (aliyun_iot_aliyun_login){.identity = {.product_key = text("pk"), .device_name = text("dn")}, .device_secret = text(secret)};
}

uint16_t attempt(device *d) {
    aliyun_iot_link link = {0};
    EXPECT(aliyun_iot_link_wanted(d, on, &link) && link.open);
    return link.attempt;
}

void server_closes(device *d) {
    aliyun_iot_link_lost(d, on, attempt(d), 0, 0);
}

void take(device *d, uint32_t now) {
    out_len = 0;
    for (aliyun_iot_bytes packet; aliyun_iot_to_send(d, on, &packet);) {
        size_t piece = packet.len > 100 ? 100 : packet.len;
        EXPECT(piece > 0 && out_len + piece <= sizeof out);
        memcpy(out + out_len, packet.data, piece);
        out_len += piece;
        aliyun_iot_sent(d, on, piece, now);
    }
}

bool has_space(device *d) {
    aliyun_iot_buffer space = {NULL, 9};
    bool has = aliyun_iot_space(d, on, &space);
    EXPECT(has == (space.data != NULL) && has == (space.len > 0));
    return has;
}

size_t needed(device *d) {
    aliyun_iot_error error;
    EXPECT(aliyun_iot_last_error(d, &error) && error.status == ALIYUN_IOT_STATUS_TOO_LARGE && !error.offset && !error.actual);
    return error.needed;
}

size_t offset(device *d) {
    aliyun_iot_error error;
    EXPECT(aliyun_iot_last_error(d, &error) && (error.status == ALIYUN_IOT_STATUS_JSON || error.status == ALIYUN_IOT_STATUS_NESTING));
    EXPECT(!error.needed && !error.actual);
    return error.offset;
}

size_t actual(device *d) {
    aliyun_iot_error error;
    EXPECT(aliyun_iot_last_error(d, &error) && !error.needed && !error.offset);
    return error.actual;
}

uint16_t publishes(device *d, const char *topic, aliyun_iot_bytes payload) {
    uint16_t id = 0;
    EXPECT(aliyun_iot_publish(d, text(topic), payload, 1, &id) == ALIYUN_IOT_STATUS_OK && id > 0);
    return id;
}

bool is(aliyun_iot_bytes bytes, const char *wanted) {
    return bytes.data && bytes.len == strlen(wanted) && !memcmp(bytes.data, wanted, bytes.len);
}

bool sends(const void *bytes, size_t len) { return memmem(out, out_len, bytes, len) != NULL; }

void feed(device *d, const void *bytes, size_t len, uint32_t now) {
    aliyun_iot_buffer space;
    EXPECT(aliyun_iot_space(d, on, &space) && space.len >= len);
    memcpy(space.data, bytes, len);
    aliyun_iot_received(d, on, len, now);
}

void feed_publish(device *d, const char *topic, const char *payload, uint8_t id, uint32_t now) {
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

void online_at(device *d, uint32_t now) {
    aliyun_iot_aliyun_login login = credentials();
    event e;
    IS(aliyun_iot_connect_aliyun(d, &login, NULL, now), OK);
    aliyun_iot_link_up(d, SESSION, attempt(d), now);
    take(d, now);
    EXPECT(out[0] == 0x10);
    feed(d, "\x20\x02\x00\x00", 4, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_UP && !e.as.connection.up.again);
    EXPECT(!aliyun_iot_poll(d, &e, now) && aliyun_iot_is_online(d));
}

device *online(void) {
    device *d = make();
    online_at(d, 0);
    return d;
}

event next(device *d, int32_t kind, uint32_t now) {
    event e;
    memset(&e, 0xee, sizeof e);
    EXPECT(aliyun_iot_poll(d, &e, now));
    if (e.kind != kind) printf("%s in place of %s\n", aliyun_iot_event_name(e.kind), aliyun_iot_event_name(kind));
    EXPECT(e.kind == kind);
    return e;
}

const char *sent_after(const char *before) {
    static char found[64];
    const uint8_t *at = memmem(out, out_len, before, strlen(before));
    EXPECT(at);
    at += strlen(before);
    size_t len = 0;
    while (at + len < out + out_len && at[len] != '"') len++;
    EXPECT(len < sizeof found);
    memcpy(found, at, len);
    found[len] = '\0';
    return found;
}
