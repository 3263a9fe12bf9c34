// A wrong argument: NULL, no memory, a field at fault, a number or JSON that is not valid.
#include "server.h"
#include "families.h"

static aliyun_iot_status connect_with(device *d, const aliyun_iot_aliyun_login *login) {
    return aliyun_iot_connect_aliyun(d, login, NULL, 0);
}

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
    IS(aliyun_iot_connect_vendor(NULL, &(aliyun_iot_vendor_login){.vendor = 1}, NULL, 0), NULL);
    aliyun_iot_set_clock(NULL, 1, 0);
    EXPECT(!aliyun_iot_signs_time(NULL));
    IS(aliyun_iot_register_aliyun(NULL, &(aliyun_iot_aliyun_registration){0}, buffer(&byte, 1), 0), NULL);
    IS(aliyun_iot_register_vendor(NULL, &(aliyun_iot_vendor_registration){.vendor = 1}, buffer(&byte, 1), 0), NULL);
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
    finish(d);
}

static void null_arguments(void) {
    device *d = make(), *other = NULL;
    aliyun_iot_buffers buffers = {buffer(held.rx, 1024), buffer(held.tx, 1024), buffer(held.topics, 128)};
    IS(aliyun_iot_init(buffer(held.memory, 1 << 16), NULL, 0, &other), NULL);
    IS(aliyun_iot_init(buffer(held.memory, 1 << 16), &buffers, 0, NULL), NULL);
    IS(aliyun_iot_connect_aliyun(d, NULL, NULL, 0), NULL);
    IS(aliyun_iot_connect_plain(d, NULL, NULL, 0), NULL);
    IS(aliyun_iot_connect_vendor(d, NULL, NULL, 0), NULL);
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
    finish(d);
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

// Buffers with which no session can ever come about are refused at once, not reported as a fault of the server.
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
    finish(d);
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
    finish(d);
    free(larger);
}

// One field of a login to a vendor cloud is wrong, or the clock is not set.
static void vendor_credentials_at_fault(void) {
    device *d = make();
    const aliyun_iot_vendor_login good = {
        .vendor = ALIYUN_IOT_VENDOR_TENCENT, .product_id = text("ABCDE12345"), .device_name = text("lamp"), .device_secret = text("c2VjcmV0c2VjcmV0"),
    };
    aliyun_iot_vendor_login login = good;
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_CLOCK);
    aliyun_iot_set_clock(d, 1500000000000, 0); // in 2017: nobody has set it
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_CLOCK);
    aliyun_iot_set_clock(d, 1800000000000, 0);
    login.vendor = 0;
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), LEFT_OUT);
    login.vendor = 99;
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), LEFT_OUT);
    login = good, login.product_id = none;
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_PRODUCT_ID);
    login = good, login.device_name = text("a/b");
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_DEVICE_NAME);
    login = good, login.device_secret = text("no base64!");
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_DEVICE_SECRET);
    login = good, login.sign_method = text("sha3");
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_SIGN_METHOD);
    login = good, login.server.host = text("a b");
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), HOST);
    IS(aliyun_iot_connect_vendor(d, &good, &(aliyun_iot_options){.keepalive = 1000}, 0), KEEPALIVE);
    login = (aliyun_iot_vendor_login){.vendor = ALIYUN_IOT_VENDOR_HUAWEI, .device_name = text("p_lamp"), .device_secret = text("secret")};
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_INSTANCE_ID);
    login.vendor = ALIYUN_IOT_VENDOR_TUYA, login.region = text("mars");
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_REGION);
    login.vendor = ALIYUN_IOT_VENDOR_TLINK, login.product_id = text("u"), login.product_secret = none;
    IS(aliyun_iot_connect_vendor(d, &login, NULL, 0), VENDOR_PRODUCT_SECRET);
    EXPECT(!aliyun_iot_is_started(d) && !aliyun_iot_signs_time(d));
    // The topics of the thing model need more than 128 bytes.
    IS(aliyun_iot_connect_vendor(d, &good, NULL, 0), VENDOR_SUBSCRIPTIONS);
    IS(aliyun_iot_connect_vendor(d, &good, &(aliyun_iot_options){.without_services = true}, 0), OK);
    EXPECT(aliyun_iot_is_started(d) && aliyun_iot_signs_time(d));
    IS(aliyun_iot_connect_vendor(d, &good, NULL, 0), ALREADY_CONNECTED);
    finish(d);
}

const check arguments_checks[] = {
    CHECK(null_device),
    CHECK(null_device_still_fills),
    CHECK(null_arguments),
    CHECK(memory),
    CHECK(tiny_buffers),
    CHECK(credentials_at_fault),
    CHECK(vendor_credentials_at_fault),
    CHECK(bad_numbers),
    {NULL, NULL},
};
