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
enum { SESSION = ALIYUN_IOT_LINK_SESSION, HTTP = ALIYUN_IOT_LINK_HTTP };
static aliyun_iot_link_id on = SESSION; // the link that the functions below are about

static const aliyun_iot_bytes none;
static const char secret[] = "0123456789abcdefFEDCBA9876543210";
static uint8_t out[8192]; // what the device has sent
static size_t out_len;
static struct held {
    void *memory, *rx, *tx, *topics;
} held;

static aliyun_iot_bytes text(const char *s) { return aliyun_iot_str(s); }

static aliyun_iot_buffer buffer(void *data, size_t len) { return (aliyun_iot_buffer){data, len}; }

static device *make_of(size_t rx, size_t tx, size_t topics) {
    size_t size = aliyun_iot_device_size();
    held = (struct held){malloc(size), malloc(rx ? rx : 1), malloc(tx ? tx : 1), malloc(topics ? topics : 1)};
    aliyun_iot_buffers buffers = {buffer(held.rx, rx), buffer(held.tx, tx), buffer(held.topics, topics)};
    device *d = (device *)held.memory; // must not stay as it was
    aliyun_iot_status status = aliyun_iot_init(buffer(held.memory, size), &buffers, 7, &d);
    EXPECT((status == ALIYUN_IOT_STATUS_OK) == (d != NULL));
    if (!d) EXPECT(status == ALIYUN_IOT_STATUS_MEMORY);
    return d;
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

static aliyun_iot_aliyun_login credentials(void) {
    return (aliyun_iot_aliyun_login){.identity = {.product_key = text("pk"), .device_name = text("dn")}, .device_secret = text(secret)};
}
static aliyun_iot_status connect_with(device *d, const aliyun_iot_aliyun_login *login) {
    return aliyun_iot_connect_aliyun(d, login, NULL, 0);
}
static uint16_t attempt(device *d) {
    aliyun_iot_link link = {0};
    EXPECT(aliyun_iot_link_wanted(d, on, &link) && link.open);
    return link.attempt;
}
// What a server does after a DISCONNECT.
static void server_closes(device *d) {
    aliyun_iot_link_lost(d, on, attempt(d), 0, 0);
}

static void take(device *d, uint32_t now) { // sends all, in small pieces
    out_len = 0;
    for (aliyun_iot_bytes packet; aliyun_iot_to_send(d, on, &packet);) {
        size_t piece = packet.len > 100 ? 100 : packet.len;
        EXPECT(piece > 0 && out_len + piece <= sizeof out);
        memcpy(out + out_len, packet.data, piece);
        out_len += piece;
        aliyun_iot_sent(d, on, piece, now);
    }
}
static bool has_space(device *d) {
    aliyun_iot_buffer space = {NULL, 9};
    bool has = aliyun_iot_space(d, on, &space);
    EXPECT(has == (space.data != NULL) && has == (space.len > 0));
    return has;
}
static size_t needed(device *d) {
    aliyun_iot_error error;
    EXPECT(aliyun_iot_last_error(d, &error) && error.status == ALIYUN_IOT_STATUS_TOO_LARGE && !error.offset && !error.actual);
    return error.needed;
}
static size_t offset(device *d) {
    aliyun_iot_error error;
    EXPECT(aliyun_iot_last_error(d, &error) && (error.status == ALIYUN_IOT_STATUS_JSON || error.status == ALIYUN_IOT_STATUS_NESTING));
    EXPECT(!error.needed && !error.actual);
    return error.offset;
}
static size_t actual(device *d) {
    aliyun_iot_error error;
    EXPECT(aliyun_iot_last_error(d, &error) && !error.needed && !error.offset);
    return error.actual;
}
static uint16_t publishes(device *d, const char *topic, aliyun_iot_bytes payload) { // on QoS 1
    uint16_t id = 0;
    EXPECT(aliyun_iot_publish(d, text(topic), payload, 1, &id) == ALIYUN_IOT_STATUS_OK && id > 0);
    return id;
}
static bool is(aliyun_iot_bytes bytes, const char *wanted) {
    return bytes.data && bytes.len == strlen(wanted) && !memcmp(bytes.data, wanted, bytes.len);
}
static bool sends(const void *bytes, size_t len) { return memmem(out, out_len, bytes, len) != NULL; }
static void feed(device *d, const void *bytes, size_t len, uint32_t now) {
    aliyun_iot_buffer space;
    EXPECT(aliyun_iot_space(d, on, &space) && space.len >= len);
    memcpy(space.data, bytes, len);
    aliyun_iot_received(d, on, len, now);
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
static device *online(void) {
    device *d = make();
    online_at(d, 0);
    return d;
}

// ---- The checks ----

static void null_device(void) {
    aliyun_iot_aliyun_login login = credentials();
    aliyun_iot_plain_login plain = {.server = {.host = text("h")}, .client_id = text("c")};
    aliyun_iot_error error;
    aliyun_iot_counters counters;
    event e;
    uint8_t byte;
    uint32_t id = 77;
    uint16_t packet_id = 77;
    IS(aliyun_iot_move_tx(NULL, buffer(&byte, 1)), NULL);
    aliyun_iot_drop(NULL);
    IS(aliyun_iot_connect_aliyun(NULL, &login, NULL, 0), NULL);
    IS(aliyun_iot_connect_plain(NULL, &plain, NULL, 0), NULL);
    IS(aliyun_iot_register_aliyun(NULL, &(aliyun_iot_aliyun_registration){0}, buffer(&byte, 1), 0), NULL);
    IS(aliyun_iot_close(NULL, 0), NULL);
    EXPECT(!aliyun_iot_is_online(NULL) && !aliyun_iot_is_started(NULL) && !aliyun_iot_is_registering(NULL));
    EXPECT(aliyun_iot_unacknowledged(NULL) == 0 && !aliyun_iot_get_counters(NULL, &counters));
    EXPECT(!aliyun_iot_last_error(NULL, &error));
    IS(aliyun_iot_publish(NULL, text("/t"), none, 0, &packet_id), NULL);
    IS(aliyun_iot_subscribe(NULL, text("/t"), 0), NULL);
    IS(aliyun_iot_unsubscribe(NULL, text("/t")), NULL);
    IS(aliyun_iot_post_properties(NULL, text("{}"), &id, 0), NULL);
    IS(aliyun_iot_post_event(NULL, text("e"), text("{}"), &id, 0), NULL);
    IS(aliyun_iot_post_raw(NULL, text("x"), NULL, 0), NULL);
    IS(aliyun_iot_ask_time(NULL), NULL);
    IS(aliyun_iot_get_desired(NULL, text("[\"a\"]"), &id, 0), NULL);
    IS(aliyun_iot_delete_desired(NULL, text("{\"a\":{}}"), NULL, 0), NULL);
    IS(aliyun_iot_follow_desired(NULL, text("[\"a\"]"), buffer(&byte, 1)), NULL);
    IS(aliyun_iot_upload(NULL, text("f"), 1, 0, 256), NULL);
    aliyun_iot_upload_filled(NULL, 0);
    aliyun_iot_cancel_upload(NULL), aliyun_iot_cancel_registration(NULL);
    IS(aliyun_iot_answer(NULL, 200, none), NULL);
    IS(aliyun_iot_answer_later(NULL, NULL), NULL);
    IS(aliyun_iot_keep_later(NULL, buffer(&byte, 1)), NULL);
    IS(aliyun_iot_reply(NULL, 1, 200, none), NULL);
    EXPECT(id == 77 && packet_id == 77);
    for (aliyun_iot_link_id link = -1; link <= ALIYUN_IOT_LINKS; link++) {
        aliyun_iot_link_up(NULL, link, 1, 0);
        aliyun_iot_link_lost(NULL, link, 1, 0, 0);
        aliyun_iot_sent(NULL, link, 1, 0);
        aliyun_iot_received(NULL, link, 1, 0);
    }
    EXPECT(!aliyun_iot_poll(NULL, &e, 0));
    EXPECT(aliyun_iot_poll_in(NULL, 0) == UINT32_MAX);
}

// Without a device, or with a link that there is not, a question still fills its output: a caller that did not set it reads
// no rubbish.
static void null_device_still_fills(void) {
    device *d = online();
    for (aliyun_iot_link_id id = -1; id <= ALIYUN_IOT_LINKS + 1; id++) {
        for (int with = 0; with < 2; with++) {
            if (with && id == SESSION) continue;
            aliyun_iot_link link = {.open = true};
            aliyun_iot_buffer space = buffer(&id, 99);
            aliyun_iot_bytes packet = text("rubbish");
            device *of = with ? d : NULL;
            EXPECT(!aliyun_iot_space(of, id, &space) && !space.data && !space.len);
            EXPECT(!aliyun_iot_link_wanted(of, id, &link) && !link.open && !link.host.data);
            EXPECT(!aliyun_iot_to_send(of, id, &packet) && !packet.data && !packet.len);
            aliyun_iot_received(of, id, 1, 0), aliyun_iot_sent(of, id, 1, 0);
            aliyun_iot_link_up(of, id, 1, 0), aliyun_iot_link_lost(of, id, 1, 5, 0);
        }
    }
    aliyun_iot_buffer place = buffer(&place, 99);
    EXPECT(!aliyun_iot_upload_place(NULL, &place) && !place.data && !place.len);
    event e;
    EXPECT(aliyun_iot_is_online(d) && !aliyun_iot_poll(d, &e, 0));
    end(d);
}

static void null_arguments(void) {
    device *d = make(), *other = NULL;
    aliyun_iot_buffers buffers = {buffer(held.rx, 1024), buffer(held.tx, 1024), buffer(held.topics, 128)};
    IS(aliyun_iot_init(buffer(held.memory, 1 << 16), NULL, 0, &other), NULL);
    IS(aliyun_iot_init(buffer(held.memory, 1 << 16), &buffers, 0, NULL), NULL);
    IS(aliyun_iot_connect_aliyun(d, NULL, NULL, 0), NULL);
    IS(aliyun_iot_connect_plain(d, NULL, NULL, 0), NULL);
    IS(aliyun_iot_register_aliyun(d, NULL, buffer(NULL, 0), 0), NULL);
    IS(aliyun_iot_move_tx(d, buffer(NULL, 9)), NULL);
    EXPECT(!aliyun_iot_link_wanted(d, SESSION, NULL) && !aliyun_iot_to_send(d, SESSION, NULL));
    EXPECT(!aliyun_iot_space(d, SESSION, NULL) && !aliyun_iot_upload_place(d, NULL));
    EXPECT(!aliyun_iot_poll(d, NULL, 0) && !aliyun_iot_last_error(d, NULL) && aliyun_iot_get_counters(d, NULL));
    EXPECT(aliyun_iot_is_utf8(none) && aliyun_iot_crc64(7, none) == aliyun_iot_crc64(7, text("")));
    online_at(d, 0);
    EXPECT(aliyun_iot_space(d, SESSION, NULL));
    IS(aliyun_iot_publish(d, none, text("x"), 1, NULL), TOPIC);
    EXPECT(aliyun_iot_last_error(d, NULL));
    IS(aliyun_iot_publish(d, text("/pk/dn/t"), none, 1, NULL), OK); // a payload may be empty
    publishes(d, "/pk/dn/t", (aliyun_iot_bytes){NULL, 99}); // NULL: the length does not count
    IS(aliyun_iot_subscribe(d, none, 0), TOPIC);
    IS(aliyun_iot_unsubscribe(d, none), TOPIC);
    IS(aliyun_iot_post_properties(d, none, NULL, 0), JSON);
    IS(aliyun_iot_post_properties(d, text("{}"), NULL, 0), OK);
    IS(aliyun_iot_post_event(d, none, text("{}"), NULL, 0), EVENT_ID);
    IS(aliyun_iot_post_event(d, text("e"), none, NULL, 0), JSON);
    IS(aliyun_iot_post_event(d, text("e"), text("{}"), NULL, 0), OK);
    IS(aliyun_iot_post_raw(d, none, NULL, 0), OK);
    IS(aliyun_iot_upload(d, none, 1, 0, 256), FILE_NAME);
    IS(aliyun_iot_answer_later(d, NULL), NOT_CONNECTED);
    end(d);
}

static void memory(void) {
    size_t size = aliyun_iot_device_size();
    uint8_t *m = malloc(size + 8), b[3][1024];
    const aliyun_iot_buffer whole = buffer(m, size), nothing = buffer(NULL, 1024);
    const struct {
        aliyun_iot_buffer memory, rx, tx, topics;
        aliyun_iot_status status;
    } cases[] = {
        {whole, buffer(b[0], 1024), buffer(b[1], 1024), buffer(b[2], 1024), STATUS(OK)},
        {buffer(m, size - 1), buffer(b[0], 1024), buffer(b[1], 1024), buffer(b[2], 1024), STATUS(MEMORY)},
        {buffer(m, 0), buffer(b[0], 1024), buffer(b[1], 1024), buffer(b[2], 1024), STATUS(MEMORY)},
        {buffer(m + 1, size), buffer(b[0], 1024), buffer(b[1], 1024), buffer(b[2], 1024), STATUS(MEMORY)},
        {whole, buffer(b[0], 255), buffer(b[1], 1024), buffer(b[2], 1024), STATUS(MEMORY)},
        {whole, buffer(b[0], 1024), buffer(b[1], 511), buffer(b[2], 1024), STATUS(MEMORY)},
        {buffer(NULL, size), buffer(b[0], 1024), buffer(b[1], 1024), buffer(b[2], 1024), STATUS(NULL)},
        {whole, nothing, buffer(b[1], 1024), buffer(b[2], 1024), STATUS(NULL)},
        {whole, buffer(b[0], 1024), nothing, buffer(b[2], 1024), STATUS(NULL)},
        {whole, buffer(b[0], 1024), buffer(b[1], 1024), nothing, STATUS(NULL)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        aliyun_iot_buffers buffers = {cases[i].rx, cases[i].tx, cases[i].topics};
        device *d = (device *)m;
        EXPECT(aliyun_iot_init(cases[i].memory, &buffers, 0, &d) == cases[i].status);
        EXPECT((d != NULL) == (cases[i].status == STATUS(OK)));
        aliyun_iot_drop(d);
    }
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
#define CASE(field, wrong, status) {offsetof(aliyun_iot_aliyun_login, field), wrong, STATUS(status)}
#define OF_IDENTITY(field, wrong, status) CASE(identity.field, wrong, ALIYUN_##status)
        OF_IDENTITY(product_key, NULL, PRODUCT_KEY), OF_IDENTITY(product_key, "", PRODUCT_KEY),
        OF_IDENTITY(product_key, "a/b", PRODUCT_KEY), OF_IDENTITY(product_key, "a12345678901234567890", PRODUCT_KEY),
        OF_IDENTITY(device_name, NULL, DEVICE_NAME), OF_IDENTITY(device_name, "a b", DEVICE_NAME),
        OF_IDENTITY(device_name, "\xff", DEVICE_NAME), OF_IDENTITY(region, "cn/x", REGION), OF_IDENTITY(region, "", REGION),
        OF_IDENTITY(instance_id, "iot.x", INSTANCE_ID), OF_IDENTITY(sign_method, "hmacsha512", SIGN_METHOD),
        CASE(device_secret, NULL, ALIYUN_DEVICE_SECRET), CASE(device_secret, "", ALIYUN_DEVICE_SECRET),
        CASE(device_secret, "\n", ALIYUN_DEVICE_SECRET), CASE(device_token, "a b", ALIYUN_DEVICE_TOKEN),
        CASE(server.host, "", HOST), CASE(server.host, "a b", HOST), CASE(client_id, "a|b", CLIENT_ID),
        CASE(client_id, "", CLIENT_ID),
    };
    device *d = make();
    aliyun_iot_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        aliyun_iot_aliyun_login login = credentials();
        *(aliyun_iot_bytes *)((char *)&login + cases[i].field) = cases[i].wrong ? text(cases[i].wrong) : none;
        aliyun_iot_status status = connect_with(d, &login);
        if (status != cases[i].status) printf("case %zu: %d\n", i, status);
        EXPECT(status == cases[i].status);
        EXPECT(aliyun_iot_last_error(d, &error) && error.status == status && !error.needed && !error.offset && !error.actual);
        EXPECT(!aliyun_iot_is_started(d));
    }
    static const uint16_t keepalives[] = {1, 29, 1201, 65535};
    aliyun_iot_aliyun_login login = credentials();
    for (size_t i = 0; i < sizeof keepalives / sizeof *keepalives; i++) {
        aliyun_iot_options options = {.keepalive = keepalives[i]};
        IS(aliyun_iot_connect_aliyun(d, &login, &options, 0), KEEPALIVE);
    }
    IS(aliyun_iot_connect_aliyun(d, &login, &(aliyun_iot_options){.without_keepalive = true}, 0), KEEPALIVE);
    static char long_text[600];
    memset(long_text, 'x', sizeof long_text - 1);
    aliyun_iot_plain_login plain = {.server = {.host = text("h")}, .client_id = text("c"), .password = text("p")};
    IS(aliyun_iot_connect_plain(d, &plain, NULL, 0), PLAIN_USER_NAME);
    plain.user_name = text("u"), plain.password = text(long_text);
    IS(aliyun_iot_connect_plain(d, &plain, NULL, 0), LOGIN_TOO_LONG);
    plain.password = none, plain.client_id = none;
    IS(aliyun_iot_connect_plain(d, &plain, &(aliyun_iot_options){.keep_session = true}, 0), CLIENT_ID);
    plain.server.host = none;
    IS(aliyun_iot_connect_plain(d, &plain, NULL, 0), HOST);
    online_at(d, 0);
    IS(connect_with(d, &login), ALREADY_CONNECTED);
    end(d);
}

static void bad_numbers(void) {
    device *d = online();
    event e;
    uint32_t id;
    uint16_t packet_id = 77;
    IS(aliyun_iot_publish(d, text("/t"), none, 2, &packet_id), QOS);
    IS(aliyun_iot_publish(d, text("/t"), none, 255, &packet_id), QOS);
    EXPECT(packet_id == 77);
    IS(aliyun_iot_subscribe(d, text("/t"), 2), QOS);
    IS(aliyun_iot_publish(d, text("/a/+"), none, 0, NULL), TOPIC);
    IS(aliyun_iot_publish(d, text("\xff"), none, 0, NULL), TOPIC);
    IS(aliyun_iot_subscribe(d, text("/a/#/b"), 0), TOPIC);
    IS(aliyun_iot_post_properties(d, text("{\"a\":tru}"), &id, 0), JSON);
    EXPECT(offset(d) == 5 || offset(d) == 8);
    IS(aliyun_iot_post_properties(d, text("[]"), &id, 0), JSON);
    EXPECT(offset(d) == 0);
    char deep[] = "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"; // an object and 32 arrays
    IS(aliyun_iot_post_properties(d, text(deep), &id, 0), NESTING);
    EXPECT(offset(d) == 5 + 31);
    IS(aliyun_iot_post_event(d, text("e"), text(deep), &id, 0), NESTING);
    IS(aliyun_iot_reply(d, 1, 200, text(deep)), NO_REQUEST);
    EXPECT(strstr(aliyun_iot_status_text(STATUS(NESTING)), "32"));
    static char filter[257];
    memset(filter, 'x', 256);
    filter[0] = '/';
    IS(aliyun_iot_subscribe(d, text(filter), 0), FILTER_TOO_LONG);
    IS(aliyun_iot_unsubscribe(d, text(filter)), FILTER_TOO_LONG);
    EXPECT(strstr(aliyun_iot_status_text(STATUS(FILTER_TOO_LONG)), "255"));
    IS(aliyun_iot_post_event(d, text("a/b"), text("{}"), &id, 0), EVENT_ID);
    IS(aliyun_iot_answer(d, 200, none), NOT_CONNECTED); // nothing to answer
    static uint8_t large[2000];
    const aliyun_iot_bytes large_payload = {large, sizeof large};
    IS(aliyun_iot_publish(d, text("/t"), large_payload, 1, NULL), TOO_LARGE);
    size_t more = needed(d);
    EXPECT(more == sizeof large + 9 + 384);
    static uint8_t enormous[256 * 1024 + 1]; // more than the platform accepts, whatever the buffer
    IS(aliyun_iot_publish(d, text("/t"), (aliyun_iot_bytes){enormous, sizeof enormous}, 1, NULL), PAYLOAD);
    uint8_t *larger = malloc(more);
    IS(aliyun_iot_move_tx(d, buffer(larger, more)), OK);
    publishes(d, "/t", large_payload);
    IS(aliyun_iot_move_tx(d, buffer(held.tx, 1024)), TOO_LARGE);
    EXPECT(needed(d) > 1024);
    IS(aliyun_iot_publish(d, text("/t"), text("x"), 1, NULL), FULL);
    // A report about another attempt changes nothing.
    aliyun_iot_link_up(d, SESSION, (uint16_t)(attempt(d) + 1), 0);
    aliyun_iot_link_lost(d, SESSION, (uint16_t)(attempt(d) - 1), 5, 0);
    EXPECT(aliyun_iot_is_online(d) && !aliyun_iot_poll(d, &e, 0));
    // More than there is counts as all there is.
    aliyun_iot_sent(d, SESSION, SIZE_MAX, 0);
    aliyun_iot_sent(d, SESSION, SIZE_MAX, 0);
    aliyun_iot_received(d, SESSION, SIZE_MAX, 0);
    aliyun_iot_received(d, SESSION, SIZE_MAX, 0);
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
    end(d);
}

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
    end(d);
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
        end(d);
    }
}

static void words_for_every_number(void) {
    static const aliyun_iot_status statuses[] = {
        STATUS(OK), STATUS(NOT_CONNECTED), STATUS(FULL), STATUS(TOO_LARGE), STATUS(ALREADY_CONNECTED), STATUS(NO_SERVICE),
        STATUS(LEFT_OUT), STATUS(GIVEN_UP), STATUS(NULL), STATUS(JSON), STATUS(NESTING), STATUS(MEMORY), STATUS(HOST),
        STATUS(PORT), STATUS(CLIENT_ID), STATUS(KEEPALIVE), STATUS(TOPIC), STATUS(FILTER_TOO_LONG), STATUS(QOS),
        STATUS(PAYLOAD), STATUS(EVENT_ID), STATUS(FILE_NAME), STATUS(FILE_SIZE), STATUS(BLOCK), STATUS(ALIYUN_PRODUCT_KEY),
        STATUS(ALIYUN_DEVICE_NAME), STATUS(ALIYUN_DEVICE_SECRET), STATUS(ALIYUN_DEVICE_TOKEN), STATUS(ALIYUN_PRODUCT_SECRET),
        STATUS(ALIYUN_REGION), STATUS(ALIYUN_INSTANCE_ID), STATUS(ALIYUN_SIGN_METHOD), STATUS(ALIYUN_AUTH_TYPE),
        STATUS(ALIYUN_TOPIC_LENGTH), STATUS(ALIYUN_TOPIC_LEVELS), STATUS(ALIYUN_TOPIC_OWNER), STATUS(PLAIN_USER_NAME),
        STATUS(LOGIN_TOO_LONG),
    };
    const char *unknown = aliyun_iot_status_text(1);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const char *words = aliyun_iot_status_text(statuses[i]);
        EXPECT(strlen(words) > 3 && words != unknown);
        for (size_t k = 0; k < i; k++) EXPECT(words != aliyun_iot_status_text(statuses[k]));
    }
    EXPECT(strstr(aliyun_iot_status_text(STATUS(ALIYUN_REGION)), "region") && strstr(aliyun_iot_status_text(STATUS(NOT_CONNECTED)), "not connected"));
    for (int loss = 0; loss <= 4; loss++)
        for (int code = -3; code < 11; code++) EXPECT(strlen(aliyun_iot_loss_text(loss, code)) > 3);
    EXPECT(strstr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_REFUSED, 4), "password"));
    EXPECT(strstr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_PEER, 6), "does not answer"));
}

// A packet identifier, say, given to a function of words by mistake.
static void words_for_unknown_numbers(void) {
    static const int32_t numbers[] = {1, 7, -15, -0x1f, -0xf0, -0x1ff, -0x200, -0x1001, 65535, INT32_MAX, INT32_MIN};
    const char *unknown = aliyun_iot_status_text(numbers[0]);
    EXPECT(strlen(unknown) > 3);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        EXPECT(aliyun_iot_status_text(numbers[i]) == unknown && aliyun_iot_event_name(numbers[i]) == unknown);
        if (numbers[i] != 1) EXPECT(strlen(aliyun_iot_loss_text(numbers[i], 0)) > 3);
        EXPECT(aliyun_iot_type_size(numbers[i] == 1 || numbers[i] == 7 ? 14 : numbers[i]) == 0);
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
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
        EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) == UINT32_MAX);
        aliyun_iot_link link;
        EXPECT(!aliyun_iot_link_wanted(d, SESSION, &link) && !link.open && link.host.data == NULL);
        online_at(d, 0);
        EXPECT(out_len == first_len && !memcmp(out, first, first_len));
    }
    end(d);
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
    end(d);
}

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
    end(d);
}

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
    end(d);
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
    EXPECT(is(e.as.call.properties.params, "{\"a\":1}"));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    server_closes(d);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
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
    while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED);
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
    while (aliyun_iot_poll(d, &e, 0)) EXPECT(e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED);
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
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED && e.as.messages.subscribed.granted);
        IS(aliyun_iot_unsubscribe(d, text("/some/filter")), OK);
        EXPECT(!aliyun_iot_poll(d, &e, 0));
        take(d, 0);
        feed(d, (uint8_t[]){0xb0, 2, 0, (uint8_t)(id + 1)}, 4, 0);
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED);
        EXPECT(is(e.as.messages.unsubscribed.filter, "/some/filter"));
        EXPECT(!aliyun_iot_poll(d, &e, 0));
    }
    end(d);
}

// A server that closes the link right behind a message: it is told so, and the message is given up.
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
    end(d);
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
    end(d);
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
    end(d);
}

// tx is full of packets that the link does not take. What arrives waits; once tx is sent, it is told without a further
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

static aliyun_iot_aliyun_registration registration(void) {
    return (aliyun_iot_aliyun_registration){.identity = {.product_key = text("pk"), .device_name = text("dn")}, .product_secret = text(secret)};
}
static uint8_t scratch[2048];
static aliyun_iot_status register_with(device *d, const aliyun_iot_aliyun_registration *it) {
    return aliyun_iot_register_aliyun(d, it, buffer(scratch, sizeof scratch), 0);
}

// The registration of `dn`, over HTTP.
static device *registering(void) {
    device *d = make();
    on = HTTP;
    aliyun_iot_aliyun_registration it = registration();
    IS(register_with(d, NULL), NULL);
    it.auth_type = text("other");
    IS(register_with(d, &it), ALIYUN_AUTH_TYPE);
    it.auth_type = none, it.product_secret = none;
    IS(register_with(d, &it), ALIYUN_PRODUCT_SECRET);
    it.product_secret = text(secret);
    IS(aliyun_iot_register_aliyun(d, &it, buffer(scratch, 1000), 0), TOO_LARGE);
    EXPECT(needed(d) > 1200 && needed(d) < 1400 && !aliyun_iot_is_registering(d));
    IS(aliyun_iot_register_aliyun(d, &it, buffer(NULL, 0), 0), TOO_LARGE);
    IS(register_with(d, &it), OK);
    IS(register_with(d, &it), ALREADY_CONNECTED);
    aliyun_iot_link link = {0};
    EXPECT(aliyun_iot_link_wanted(d, HTTP, &link) && link.open && link.tls && link.port == 443);
    EXPECT(is(link.host, "iot-auth.cn-shanghai.aliyuncs.com"));
    aliyun_iot_link_up(d, HTTP, link.attempt, 0);
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
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE);
    EXPECT(e.as.registration.done.client_id.data == NULL && is(e.as.registration.done.secret, "new!"));
    EXPECT(!aliyun_iot_is_registering(d) && aliyun_iot_poll_in(d, 0) == 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) == UINT32_MAX);
    EXPECT(!memmem(scratch, sizeof scratch, "new!", 4));
    on = SESSION;
    online_at(d, 0);
    end(d);
}

// Beside a session, each link on its own.
static void registers_while_connected(void) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n"
        "{\"code\":200,\"data\":{\"productKey\":\"pk\",\"deviceName\":\"dn2\",\"deviceSecret\":\"new!\"}}";
    device *d = online();
    event e;
    aliyun_iot_aliyun_registration it = registration();
    it.identity.device_name = text("dn2");
    IS(register_with(d, &it), OK);
    IS(register_with(d, &it), ALREADY_CONNECTED);
    on = HTTP;
    aliyun_iot_link_up(d, HTTP, attempt(d), 0);
    take(d, 0);
    EXPECT(sends("POST /auth/register/device HTTP/1.1\r\n", 37));
    EXPECT(aliyun_iot_is_registering(d) && aliyun_iot_is_online(d));
    // Its link is lost, which is none of the session.
    aliyun_iot_link_lost(d, HTTP, attempt(d), 104, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_FAILED && e.as.connection.failed.link == HTTP);
    EXPECT(aliyun_iot_is_online(d) && !aliyun_iot_link_wanted(d, HTTP, NULL));
    uint32_t now = 0;
    while (!aliyun_iot_link_wanted(d, HTTP, NULL)) {
        now += aliyun_iot_poll_in(d, now);
        EXPECT(!aliyun_iot_poll(d, &e, now) && now < 65000);
    }
    aliyun_iot_link_up(d, HTTP, attempt(d), now);
    feed(d, response, 20, now);
    // The session goes on.
    on = SESSION;
    feed_publish(d, "/pk/dn/t", "x", 9, now);
    EXPECT(!aliyun_iot_poll(d, &e, now));
    take(d, now);
    EXPECT(sends(puback, 4));
    on = HTTP;
    feed(d, response + 20, sizeof response - 21, now);
    EXPECT(aliyun_iot_poll(d, &e, now) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE);
    EXPECT(is(e.as.registration.done.secret, "new!") && aliyun_iot_is_online(d) && !aliyun_iot_is_registering(d));
    EXPECT(!aliyun_iot_poll(d, &e, now) && !memmem(scratch, sizeof scratch, "new!", 4));
    IS(register_with(d, &it), OK);
    IS(aliyun_iot_close(d, now), OK);
    EXPECT(!aliyun_iot_is_registering(d) && !aliyun_iot_link_wanted(d, HTTP, NULL));
    on = SESSION;
    end(d);
}

// Without an event, whatever it is about: an attempt, an answer that waits, or an event in use.
static void registrations_can_be_cancelled(void) {
    static const char response[] = "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n";
    event e;
    for (int step = 0; step < 4; step++) {
        device *d = step == 3 ? make() : registering();
        if (step == 3) {
            aliyun_iot_aliyun_registration it = registration();
            it.auth_type = text("register");
            IS(register_with(d, &it), OK);
        }
        if (step == 1 || step == 2) feed(d, response, sizeof response - 1, 0);
        if (step == 2) EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_REFUSED);
        aliyun_iot_cancel_registration(d);
        EXPECT(!aliyun_iot_is_registering(d) && !aliyun_iot_poll(d, &e, 0) && aliyun_iot_poll_in(d, 0) == UINT32_MAX);
        EXPECT(!aliyun_iot_link_wanted(d, HTTP, NULL) && !aliyun_iot_link_wanted(d, SESSION, NULL));
        for (size_t i = 0; i < sizeof scratch; i++) EXPECT(scratch[i] == 0);
        aliyun_iot_cancel_registration(d);
        on = SESSION;
        online_at(d, 0);
        aliyun_iot_cancel_registration(d);
        EXPECT(aliyun_iot_is_online(d));
        end(d);
    }
}

// An interim response, and escapes in the secret.
static void registers_with_escapes(void) {
    static const char response[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 82\r\n\r\n"
        "{\"code\":200,\"data\":{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":\"a\\/b!\\\"\"}}";
    device *d = registering();
    event e;
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE);
    EXPECT(is(e.as.registration.done.secret, "a/b!\""));
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
        EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_FAILED);
        EXPECT(e.as.connection.failed.loss.cause == ALIYUN_IOT_LOSS_PEER && e.as.connection.failed.loss.code == 7);
        EXPECT(aliyun_iot_is_registering(d));
        end(d);
    }
}

// Over MQTT the answer is acknowledged first, and told when the acknowledgement has left.
static void registration_is_acknowledged(void) {
    device *d = make();
    event e;
    aliyun_iot_aliyun_registration it = registration();
    it.auth_type = text("register");
    IS(register_with(d, &it), OK);
    aliyun_iot_link_up(d, SESSION, attempt(d), 0);
    take(d, 0);
    feed(d, "\x20\x02\x00\x00", 4, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    feed_publish(d, "/ext/register", "{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":\"new!\"}", 9, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_is_registering(d) && aliyun_iot_poll_in(d, 0) > 1000);
    aliyun_iot_link link = {0};
    EXPECT(aliyun_iot_link_wanted(d, SESSION, &link) && link.open);
    take(d, 0);
    EXPECT(out_len == 4 && !memcmp(out, puback, 4) && aliyun_iot_poll_in(d, 0) == 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE);
    EXPECT(is(e.as.registration.done.secret, "new!"));
    EXPECT(!aliyun_iot_link_wanted(d, SESSION, &link) && !link.open && !aliyun_iot_is_registering(d) && !aliyun_iot_poll(d, &e, 0));
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
    end(d);
}

static void registration_is_refused(void) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"code\":6288,\"message\":\"active\"}";
    device *d = registering();
    event e;
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_REFUSED);
    EXPECT(e.as.registration.refused.code == 6288 && is(e.as.registration.refused.message, "active"));
    end(d);
    d = registering();
    IS(aliyun_iot_close(d, 0), OK);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
    end(d);
}

// ---- Each kind of event, and each field of its member ----

static event next(device *d, int32_t kind, uint32_t now) {
    event e;
    memset(&e, 0xee, sizeof e);
    EXPECT(aliyun_iot_poll(d, &e, now));
    if (e.kind != kind) printf("%s in place of %s\n", aliyun_iot_event_name(e.kind), aliyun_iot_event_name(kind));
    EXPECT(e.kind == kind);
    return e;
}
static event next_of(device *d, int32_t kind, const char *topic, const char *payload) {
    event e;
    EXPECT(!aliyun_iot_poll(d, &e, 0)); // the one before is finished
    take(d, 0);
    feed_publish(d, topic, payload, 9, 0);
    return next(d, kind, 0);
}
// The text behind `before` in what was sent, up to the next quote.
static const char *sent_after(const char *before) {
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
    end(d);
}

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
    end(d);
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
    end(d);
}

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
    end(d);
}

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
    end(d);
}

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
        end(d);
    }
}

static void members_of_registrations(void) {
    device *d = make();
    aliyun_iot_aliyun_registration it = registration();
    it.auth_type = text("regnwl");
    IS(register_with(d, &it), OK);
    aliyun_iot_link_up(d, SESSION, attempt(d), 0);
    take(d, 0);
    feed(d, "\x20\x02\x00\x00", 4, 0);
    event e;
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    feed_publish(d, "/ext/regnwl", "{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"clientId\":\"^1^id\",\"deviceToken\":\"tok\"}", 9, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    take(d, 0);
    e = next(d, ALIYUN_IOT_EVENT_REGISTRATION_DONE, 0);
    EXPECT(is(e.as.registration.done.secret, "tok") && is(e.as.registration.done.client_id, "^1^id"));
    EXPECT(!aliyun_iot_poll(d, &e, 0));
    // Five attempts that fail: four are reported as such, the last one ends it.
    IS(register_with(d, &it), OK);
    uint32_t now = 0;
    for (int failed = 0; failed < 5; failed++) {
        aliyun_iot_link link;
        while (!aliyun_iot_link_wanted(d, SESSION, &link)) {
            now += aliyun_iot_poll_in(d, now);
            EXPECT(!aliyun_iot_poll(d, &e, now) && now < 65000);
        }
        aliyun_iot_link_lost(d, SESSION, link.attempt, 100 + failed, now);
        aliyun_iot_loss loss;
        if (failed < 4) {
            e = next(d, ALIYUN_IOT_EVENT_CONNECTION_FAILED, now);
            loss = e.as.connection.failed.loss;
            EXPECT(e.as.connection.failed.link == SESSION);
        } else {
            e = next(d, ALIYUN_IOT_EVENT_REGISTRATION_FAILED, now);
            loss = e.as.registration.failed.loss;
        }
        EXPECT(loss.cause == ALIYUN_IOT_LOSS_LINK && loss.code == 100 + failed);
    }
    EXPECT(!aliyun_iot_is_registering(d));
    end(d);
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
    end(d);
}

static void size(void) { printf("%zu\n", aliyun_iot_device_size()); }

static const struct {
    const char *name;
    void (*run)(void);
} checks[] = {
#define CHECK(name) {#name, name}
    CHECK(null_device), CHECK(null_device_still_fills), CHECK(null_arguments), CHECK(memory), CHECK(tiny_buffers),
    CHECK(credentials_at_fault), CHECK(bad_numbers), CHECK(topics_at_fault), CHECK(given_up_is_told), CHECK(no_login_no_service), CHECK(options_reach_the_session), CHECK(words_for_every_number),
    CHECK(words_for_unknown_numbers), CHECK(time_wraps), CHECK(secrets), CHECK(login_again), CHECK(to_send_is_stable),
    CHECK(event_lives_until_the_next_poll), CHECK(answered_once), CHECK(answered_later),
    CHECK(answer_must_be_json),
    CHECK(large_answer_is_acknowledged), CHECK(close_in_an_event), CHECK(subscribe_twice_at_once),
    CHECK(unsubscribe_before_the_answer), CHECK(room_lets_poll_go_on), CHECK(room_is_told_by_poll_in),
    CHECK(unsubscribed_is_told), CHECK(unknown_acks), CHECK(dropped_is_counted),
    CHECK(kept_over_links), CHECK(two_devices), CHECK(registers),
    CHECK(registers_while_connected), CHECK(registrations_can_be_cancelled),
    CHECK(registers_with_escapes), CHECK(no_secret_is_made_up), CHECK(registration_is_acknowledged),
    CHECK(replies_are_text), CHECK(registration_is_refused),
    CHECK(members_of_calls), CHECK(posts_without_a_reply), CHECK(members_of_messages), CHECK(members_of_time), CHECK(members_of_desired), CHECK(members_of_uploads),
    CHECK(members_of_registrations), CHECK(unused_members_are_zero),
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
