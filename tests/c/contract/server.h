// The server's side of the checks, and what they share.
#ifndef CONTRACT_SERVER_H
#define CONTRACT_SERVER_H

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aliyun_iot.h"

#define EXPECT(x) ((x) ? (void)0 : (printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #x), exit(1)))
#define STATUS(name) ALIYUN_IOT_STATUS_##name
#define IS(call, name) EXPECT((call) == ALIYUN_IOT_STATUS_##name)

// A check of a family; the last one of a list has no name.
typedef struct check {
    const char *name;
    void (*run)(void);
} check;
#define CHECK(name) {#name, name}

typedef aliyun_iot_device device;
typedef aliyun_iot_event event;
enum { SESSION = ALIYUN_IOT_LINK_SESSION, HTTP = ALIYUN_IOT_LINK_HTTP };
extern aliyun_iot_link_id on; // the link that the functions below are about

extern const aliyun_iot_bytes none;
static const char secret[] = "0123456789abcdefFEDCBA9876543210";
extern uint8_t out[8192]; // what the device has sent
extern size_t out_len;
extern struct held {
    void *memory, *rx, *tx, *topics;
} held;

aliyun_iot_bytes text(const char *s);
aliyun_iot_buffer buffer(void *data, size_t len);
device *make_of(size_t rx, size_t tx, size_t topics);
void release(void);
device *make(void);
void finish(device *d);
aliyun_iot_aliyun_login credentials(void);
uint16_t attempt(device *d);
// What a server does after a DISCONNECT.
void server_closes(device *d);
void take(device *d, uint32_t now); // sends all, in small pieces
bool has_space(device *d);
size_t needed(device *d);
size_t offset(device *d);
size_t actual(device *d);
uint16_t publishes(device *d, const char *topic, aliyun_iot_bytes payload); // on QoS 1
bool is(aliyun_iot_bytes bytes, const char *wanted);
bool sends(const void *bytes, size_t len);
void feed(device *d, const void *bytes, size_t len, uint32_t now);
void feed_publish(device *d, const char *topic, const char *payload, uint8_t id, uint32_t now); // QoS 1
void online_at(device *d, uint32_t now);
device *online(void);
event next(device *d, int32_t kind, uint32_t now);
// The text behind `before` in what was sent, up to the next quote.
const char *sent_after(const char *before);

static const char set_topic[] = "/sys/pk/dn/thing/service/property/set";
static const char set_payload[] = "{\"id\":\"5\",\"params\":{\"a\":1}}";
static const uint8_t puback[] = {0x40, 2, 0, 9};

#endif
