// A day of a device on a Cortex-M3, in packets, bytes, wake-ups and instructions: the archive as shipped, through its C ABI,
// with a server that is a script and a clock that is a number. Prints a line for each profile.
#include <stdbool.h>
#include <stddef.h>

#include "aliyun_iot.h"
#include "board.h"

#define PRODUCT_KEY "a1B2c3D4e5F"
#define DEVICE_NAME "thermometer-0000000001"
#define POST_TOPIC "/sys/" PRODUCT_KEY "/" DEVICE_NAME "/thing/event/property/post"
#define CUSTOM_TOPIC "/" PRODUCT_KEY "/" DEVICE_NAME "/user/report"
#define PAYLOAD "{\"temperature\":21.5,\"humidity\":40,\"battery\":97,\"uptime\":1234567}"
#define ID_DIGITS (7)
// In a post: behind a fixed header of 3 bytes, the topic and `{"id":"`.
#define POST_ID_AT (3 + 2 + sizeof POST_TOPIC - 1 + 7)

#define SECOND (1000u)
#define DAY (24u * 60 * 60 * SECOND)
#define NEVER UINT32_MAX
// The day begins a minute after the device has connected.
#define BEGIN (60 * SECOND)
// A board's timer is late by 0 to 63 ms.
#define LATE(random) ((random) / 4)

typedef enum { IDLE, POST, QOS0, QOS1 } activity;

static const char *const activities[] = { [IDLE] = "idle", [POST] = "post", [QOS0] = "qos0", [QOS1] = "qos1" };

typedef struct profile {
    activity what;
    uint16_t every_s, keepalive_s;
} profile;

static const profile profiles[] = {
    { IDLE, 0, 50 },      { IDLE, 0, 60 },      { IDLE, 0, 300 },      { IDLE, 0, 1200 },   //
    { POST, 10, 60 },     { POST, 60, 60 },     { POST, 60, 65 },      { POST, 60, 70 },    //
    { POST, 600, 60 },    { POST, 600, 300 },   { POST, 600, 610 },    { POST, 600, 1200 }, //
    { POST, 3600, 60 },   { POST, 3600, 300 },  { POST, 3600, 1200 },                       //
    { QOS1, 10, 60 },     { QOS1, 60, 60 },     { QOS1, 60, 70 },      { QOS1, 600, 1200 }, //
    { QOS0, 10, 60 },     { QOS0, 60, 70 },     { QOS0, 600, 1200 },
};

typedef struct direction {
    uint32_t packets, bytes;
} direction;

static struct {
    direction out, in;
    uint32_t pings, wakeups, idle_wakeups;
    uint64_t instructions;
} day;

static uint64_t memory[2048 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[1024], topics[64];
static aliyun_iot_device *device;
static uint32_t now;

// The instructions of a call of the library.
#define COUNTED(call) \
    do { \
        board_start(); \
        call; \
        day.instructions += board_stop(); \
    } while (0)

// ---- The server ----

static struct {
    uint8_t bytes[256];
    size_t len;
    uint32_t at; // the answer arrives then
} answer;
static uint32_t random_state;

// 0 to 255, the same numbers in each run.
static uint32_t random_byte(void) {
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 24;
}

// An answer is under way for 30 to 285 ms.
static void answer_with(const void *bytes, size_t len) {
    if (answer.len + len > sizeof answer.bytes) {
        board_fail("too many answers at a time");
    }
    __builtin_memcpy(answer.bytes + answer.len, bytes, len);
    answer.len += len;
    if (answer.at == NEVER) {
        answer.at = now + 30 + random_byte();
    }
    day.in.packets++;
    day.in.bytes += len;
}

static void answer_post(const uint8_t *packet, size_t len) {
    static const char topic[] = POST_TOPIC "_reply", before[] = "{\"code\":200,\"data\":{},\"id\":\"",
                      behind[] = "\",\"message\":\"success\",\"method\":\"thing.event.property.post\",\"version\":\"1.0\"}";
    const size_t rest = 2 + sizeof topic - 1 + sizeof before - 1 + ID_DIGITS + sizeof behind - 1;
    const char header[] = { 0x30, (char)(rest | 0x80), (char)(rest >> 7), 0, sizeof topic - 1 };
    const struct {
        const void *from;
        size_t len;
    } pieces[] = {
        { header, sizeof header },
        { topic, sizeof topic - 1 },
        { before, sizeof before - 1 },
        { packet + POST_ID_AT, ID_DIGITS },
        { behind, sizeof behind - 1 },
    };
    uint8_t reply[256];
    size_t at = 0;
    if (len < POST_ID_AT + ID_DIGITS) {
        board_fail("a post is too short");
    }
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        __builtin_memcpy(reply + at, pieces[i].from, pieces[i].len);
        at += pieces[i].len;
    }
    answer_with(reply, at);
}

// One packet. Returns its length.
static size_t serve_packet(const uint8_t *packet, size_t len) {
    size_t rest = 0, at = 1;
    for (int shift = 0; at < len; shift += 7) {
        rest |= (size_t)(packet[at] & 0x7f) << shift;
        if (packet[at++] < 0x80) {
            break;
        }
    }
    if (at + rest > len) {
        board_fail("half a packet");
    }
    day.out.packets++;
    day.out.bytes += at + rest;
    switch (packet[0]) {
    case 0x10:
        answer_with("\x20\x02\x00", 4);
        break;
    case 0x30:
        if (packet[at + 2 + 1] == 's') {
            answer_post(packet, len);
        }
        break;
    case 0x32: {
        size_t topic = (size_t)packet[at] << 8 | packet[at + 1];
        uint8_t puback[] = { 0x40, 2, packet[at + 2 + topic], packet[at + 3 + topic] };
        answer_with(puback, sizeof puback);
        break;
    }
    case 0xc0:
        day.pings++;
        answer_with("\xd0\x00", 2);
        break;
    default:
        board_fail("an unexpected packet");
    }
    return at + rest;
}

// ---- The device ----

static bool receive(void) {
    if (answer.at != now) {
        return false;
    }
    aliyun_iot_buffer space;
    COUNTED(if (!aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &space)) { space.len = 0; });
    if (space.len < answer.len) {
        board_fail("no space");
    }
    __builtin_memcpy(space.data, answer.bytes, answer.len);
    COUNTED(aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, answer.len, now));
    answer.len = 0;
    answer.at = NEVER;
    return true;
}

// Steps 5 and 6 of a port's loop, as in ports/bsd: the link accepts each write in full. Returns whether anything has happened.
static bool poll_and_send(int32_t *kind) {
    bool told = false, sent;
    do {
        aliyun_iot_event event;
        aliyun_iot_bytes run;
        bool more;
        COUNTED(more = aliyun_iot_poll(device, &event, now));
        while (more) {
            *kind = event.kind;
            told = true;
            COUNTED(more = aliyun_iot_poll(device, &event, now));
        }
        COUNTED(sent = aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &run));
        if (sent) {
            for (size_t at = 0; at < run.len;) {
                at += serve_packet(run.data + at, run.len - at);
            }
            COUNTED(aliyun_iot_sent(device, ALIYUN_IOT_LINK_SESSION, run.len, now));
            told = true;
        }
    } while (sent);
    return told;
}

// One turn of a port's loop. No event but one of this kind is expected.
static void wake(int32_t kind) {
    aliyun_iot_link link;
    int32_t found = 0;
    COUNTED(aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link));
    COUNTED(aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_HTTP, &link));
    bool is_used = receive();
    is_used |= poll_and_send(&found);
    if (found != 0 && found != kind) {
        board_fail(aliyun_iot_event_name(found));
    }
    day.wakeups++;
    day.idle_wakeups += !is_used;
}

static void begin(uint16_t keepalive) {
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_aliyun_login login = {
        .identity = { .product_key = ALIYUN_IOT_STR(PRODUCT_KEY), .device_name = ALIYUN_IOT_STR(DEVICE_NAME) },
        .device_secret = ALIYUN_IOT_STR("0123456789abcdef0123456789abcdef"),
    };
    aliyun_iot_options options = { .keepalive = keepalive };
    aliyun_iot_link link;
    now = 0;
    random_state = 1;
    answer.len = 0;
    answer.at = NEVER;
    __builtin_memset(&day, 0, sizeof day);
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        board_fail("init");
    }
    aliyun_iot_status status;
    COUNTED(status = aliyun_iot_connect_aliyun(device, &login, &options, now));
    if (status != ALIYUN_IOT_STATUS_OK || !aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link)) {
        board_fail("connect");
    }
    COUNTED(aliyun_iot_link_up(device, ALIYUN_IOT_LINK_SESSION, link.attempt, now));
    wake(0);
    now = answer.at;
    wake(ALIYUN_IOT_EVENT_CONNECTION_UP);
}

static void act(activity what) {
    aliyun_iot_bytes payload = ALIYUN_IOT_STR(PAYLOAD), topic = ALIYUN_IOT_STR(CUSTOM_TOPIC);
    aliyun_iot_status status;
    uint16_t packet_id;
    uint32_t id;
    if (what == POST) {
        COUNTED(status = aliyun_iot_post_properties(device, payload, &id, now));
    } else {
        COUNTED(status = aliyun_iot_publish(device, topic, payload, what == QOS1, &packet_id));
    }
    if (status != ALIYUN_IOT_STATUS_OK) {
        board_fail(aliyun_iot_status_text(status));
    }
}

static void show(const char *name, const uint32_t *numbers) {
    const uint64_t found[] = {
        numbers[0],     numbers[1],       day.out.packets, day.in.packets,   day.pings,
        day.out.bytes,  day.in.bytes,     day.wakeups,     day.idle_wakeups, day.instructions,
    };
    board_say(name);
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        board_say(" ");
        board_say_number(found[i]);
    }
    board_say("\n");
}

static uint32_t earlier(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void live(const profile *one) {
    static const int32_t events[] = { [POST] = ALIYUN_IOT_EVENT_MODEL_REPLY, [QOS1] = ALIYUN_IOT_EVENT_MESSAGES_DELIVERED };
    const uint32_t numbers[] = { one->every_s, one->keepalive_s };
    uint32_t planned = BEGIN, next = one->what == IDLE ? NEVER : BEGIN;
    bool is_counting = false;
    begin(one->keepalive_s);
    for (;;) {
        uint32_t wait, due;
        COUNTED(wait = aliyun_iot_poll_in(device, now));
        due = earlier(wait == NEVER ? NEVER : now + wait, earlier(next, answer.at));
        if (!is_counting && due >= BEGIN) {
            is_counting = true;
            __builtin_memset(&day, 0, sizeof day);
        }
        if (due >= BEGIN + DAY) {
            break;
        }
        now = due;
        if (now == next) {
            act(one->what);
            planned += one->every_s * SECOND;
            next = planned + LATE(random_byte());
        }
        wake(events[one->what]);
    }
    if (!aliyun_iot_is_online(device)) {
        board_fail("the session was lost");
    }
    show(activities[one->what], numbers);
}

void board_run(void) {
    static const uint32_t none[2];
    begin(60);
    show("connect", none);
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        live(&profiles[i]);
    }
}
