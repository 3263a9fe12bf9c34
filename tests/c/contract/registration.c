// Dynamic registration.
#include "server.h"
#include "families.h"

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
    finish(d);
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
    finish(d);
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
        finish(d);
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
    finish(d);
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
        finish(d);
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
    finish(d);
}

static void registration_is_refused(void) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"code\":6288,\"message\":\"active\"}";
    device *d = registering();
    event e;
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_REFUSED);
    EXPECT(e.as.registration.refused.code == 6288 && is(e.as.registration.refused.message, "active"));
    finish(d);
    d = registering();
    IS(aliyun_iot_close(d, 0), OK);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
    finish(d);
}

// ---- At vendor clouds ----

static aliyun_iot_vendor_registration at_tencent(void) {
    return (aliyun_iot_vendor_registration){
        .vendor = ALIYUN_IOT_VENDOR_TENCENT, .product_id = text("LD8S5J1L07"), .device_name = text("test"),
        .product_secret = text("ProductSecret0123456789x"),
    };
}

static aliyun_iot_vendor_registration at_huawei(void) {
    return (aliyun_iot_vendor_registration){
        .vendor = ALIYUN_IOT_VENDOR_HUAWEI, .product_id = text("p"), .device_name = text("d"), .instance_id = text("a1b2"),
        .project_id = text("project"), .iam_user = text("user"), .iam_password = text("password"), .iam_domain = text("account"),
    };
}

static aliyun_iot_status register_vendor_with(device *d, const aliyun_iot_vendor_registration *it) {
    return aliyun_iot_register_vendor(d, it, buffer(scratch, sizeof scratch), 0);
}

static void vendors_registration_at_fault(void) {
    device *d = make();
    on = HTTP;
    aliyun_iot_vendor_registration it = at_tencent(), huawei = at_huawei();
    IS(register_vendor_with(d, NULL), NULL);
    IS(register_vendor_with(d, &it), VENDOR_CLOCK);
    aliyun_iot_set_clock(d, UINT64_C(946684800000), 0);
    IS(register_vendor_with(d, &it), VENDOR_CLOCK);
    aliyun_iot_set_clock(d, UINT64_C(1796000000000), 0);
    it.product_secret = text("short");
    IS(register_vendor_with(d, &it), VENDOR_PRODUCT_SECRET);
    it.product_id = none;
    IS(register_vendor_with(d, &it), VENDOR_PRODUCT_ID);
    it.vendor = ALIYUN_IOT_VENDOR_TUYA;
    IS(register_vendor_with(d, &it), VENDOR_REGISTRATION);
    it = (aliyun_iot_vendor_registration){.vendor = ALIYUN_IOT_VENDOR_ONENET, .product_id = text("p"), .device_name = text("d")};
    IS(register_vendor_with(d, &it), VENDOR_USER_ID);
    it.user_id = text("1"), it.user_key = text("?");
    IS(register_vendor_with(d, &it), VENDOR_USER_KEY);
    it = huawei, it.iam_domain = none;
    IS(register_vendor_with(d, &it), VENDOR_IAM_DOMAIN);
    it.iam_password = text("a\nb");
    IS(register_vendor_with(d, &it), VENDOR_IAM_PASSWORD);
    it.iam_user = none;
    IS(register_vendor_with(d, &it), VENDOR_IAM_USER);
    it.project_id = none;
    IS(register_vendor_with(d, &it), VENDOR_PROJECT_ID);
    it.region = text("cn north");
    IS(register_vendor_with(d, &it), VENDOR_REGION);
    IS(aliyun_iot_register_vendor(d, &huawei, buffer(scratch, 1000), 0), TOO_LARGE);
    EXPECT(needed(d) > 1500 && needed(d) < 1800 && !aliyun_iot_is_registering(d));
    finish(d);
}

static void begin_at_vendor(device *d, const aliyun_iot_vendor_registration *it, const char *host) {
    on = HTTP;
    aliyun_iot_set_clock(d, UINT64_C(1796000000000), 0);
    IS(register_vendor_with(d, it), OK);
    IS(register_vendor_with(d, it), ALREADY_CONNECTED);
    aliyun_iot_link link = {0};
    EXPECT(aliyun_iot_link_wanted(d, HTTP, &link) && link.open && link.tls && link.port == 443 && is(link.host, host));
    aliyun_iot_link_up(d, HTTP, link.attempt, 0);
    take(d, 0);
}

// The payload is the one of the vectors: {"encryptionType":2,"psk":"acyv3QDJrRa0fW5UE58KnQ=="}.
static void registers_at_tencent(void) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 116\r\n\r\n{\"Response\":{\"Payload\":\""
        "Srf/3jNn3AlgR25vmtUZy5CuXZ6N0NmfQu3tXIm8wBiy4VAUbeR7VxZn7l1wPAUYKWWUiIdWuwZDzI7pMxzXwA==\"}} ";
    device *d = make();
    event e;
    aliyun_iot_vendor_registration it = at_tencent();
    begin_at_vendor(d, &it, "ap-guangzhou.gateway.tencentdevices.com");
    EXPECT(sends("POST /device/register HTTP/1.1\r\n", 32));
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE);
    EXPECT(e.as.registration.done.client_id.data == NULL && is(e.as.registration.done.secret, "acyv3QDJrRa0fW5UE58KnQ=="));
    EXPECT(!aliyun_iot_poll(d, &e, 0) && !aliyun_iot_is_registering(d));
    for (size_t i = 0; i < sizeof scratch; i++) EXPECT(scratch[i] == 0);
    finish(d);
}

// Two requests in one exchange, the second with what the first one has brought.
static void registers_at_huawei(void) {
    static const char token[] = "HTTP/1.1 201 Created\r\nX-Subject-Token: t0ken\r\nContent-Length: 9999\r\n\r\n";
    static const char response[] = "HTTP/1.1 201 Created\r\nContent-Length: 34\r\n\r\n{\"auth_info\":{\"secret\":\"s3cret\"}} ";
    device *d = make();
    event e;
    aliyun_iot_vendor_registration it = at_huawei();
    begin_at_vendor(d, &it, "iam.cn-north-4.myhuaweicloud.com");
    EXPECT(sends("POST /v3/auth/tokens?nocatalog=true HTTP/1.1\r\n", 46));
    feed(d, token, sizeof token - 1, 0);
    EXPECT(!aliyun_iot_poll(d, &e, 0) && aliyun_iot_is_registering(d));
    aliyun_iot_link link = {0};
    EXPECT(aliyun_iot_link_wanted(d, HTTP, &link) && link.open && link.attempt == 2);
    EXPECT(is(link.host, "a1b2.iotda.cn-north-4.myhuaweicloud.com"));
    aliyun_iot_link_up(d, HTTP, link.attempt, 0);
    take(d, 0);
    EXPECT(sends("POST /v5/iot/project/devices HTTP/1.1\r\n", 39) && sends("\r\nX-Auth-Token: t0ken\r\n", 23));
    feed(d, response, sizeof response - 1, 0);
    EXPECT(aliyun_iot_poll(d, &e, 0) && e.kind == ALIYUN_IOT_EVENT_REGISTRATION_DONE);
    EXPECT(is(e.as.registration.done.secret, "s3cret"));
    finish(d);
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
    finish(d);
}

const check registration_checks[] = {
    CHECK(registers),
    CHECK(registers_while_connected),
    CHECK(registrations_can_be_cancelled),
    CHECK(registers_with_escapes),
    CHECK(no_secret_is_made_up),
    CHECK(registration_is_acknowledged),
    CHECK(registration_is_refused),
    CHECK(vendors_registration_at_fault),
    CHECK(registers_at_tencent),
    CHECK(registers_at_huawei),
    CHECK(members_of_registrations),
    {NULL, NULL},
};
