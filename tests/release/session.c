// A session without a network, to run an archive on any processor: it logs in, subscribes, publishes, posts and answers,
// with a made-up server, and prints every byte that it would send. The same bytes come out on every processor.
#include <stdio.h>
#include <string.h>

#include "aliyun_iot.h"

static uint64_t memory[2816 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[2048], topics[256];
static aliyun_iot_device *device;
static aliyun_iot_link link_wanted;
static uint32_t now = 1000;

static void check(const char *what, int status) {
    if (status != 0) printf("%s: %d\n", what, status);
}

// Prints what is to be sent, and the events.
static void turn(void) {
    aliyun_iot_event event;
    aliyun_iot_bytes bytes;
    now += 10;
    while (aliyun_iot_poll(device, &event, now)) {
        printf("event %d", (int)event.kind);
        if (event.kind == ALIYUN_IOT_EVENT_MESSAGES_RECEIVED) {
            aliyun_iot_bytes text = event.as.messages.received.payload;
            printf(" %.*s", (int)text.len, (const char *)text.data);
        }
        printf("\n");
    }
    while (aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &bytes)) {
        printf("sent");
        for (size_t i = 0; i < bytes.len; i++) printf(" %02x", bytes.data[i]);
        printf("\n");
        aliyun_iot_sent(device, ALIYUN_IOT_LINK_SESSION, bytes.len, now);
    }
}

static void receive(const void *data, size_t len) {
    aliyun_iot_buffer space;
    if (!aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &space) || space.len < len) {
        printf("no space\n");
        return;
    }
    memcpy(space.data, data, len);
    aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, len, now);
    turn();
}

int main(void) {
    aliyun_iot_buffers buffers = {{rx, sizeof rx}, {tx, sizeof tx}, {topics, sizeof topics}};
    aliyun_iot_aliyun_login login = {0};
    login.identity.product_key = aliyun_iot_str("a1B2c3D4e5F");
    login.identity.device_name = aliyun_iot_str("dev01");
    login.device_secret = aliyun_iot_str("0123456789abcdef0123456789abcdef");
    check("size", aliyun_iot_device_size() > sizeof memory);
    check("init", aliyun_iot_init((aliyun_iot_buffer){(uint8_t *)memory, sizeof memory}, &buffers, 7, &device));
    check("connect", aliyun_iot_connect_aliyun(device, &login, NULL, now));
    check("subscribe", aliyun_iot_subscribe(device, aliyun_iot_str("/a1B2c3D4e5F/dev01/user/get"), 1));
    turn();
    if (!aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &link_wanted)) printf("no link is wanted\n");
    printf("link %.*s %d\n", (int)link_wanted.host.len, (const char *)link_wanted.host.data, (int)link_wanted.port);
    aliyun_iot_link_up(device, ALIYUN_IOT_LINK_SESSION, link_wanted.attempt, now);
    turn();
    receive("\x20\x02\x00\x00", 4); // CONNACK
    receive("\x90\x03\x00\x01\x01", 5); // SUBACK
    receive("\x32\x22\x00\x1b/a1B2c3D4e5F/dev01/user/get\x00\x09hi!", 36); // a message at QoS 1
    check("publish", aliyun_iot_publish(device, aliyun_iot_str("/a1B2c3D4e5F/dev01/user/update"), aliyun_iot_str("hello"), 1, NULL));
    check("post", aliyun_iot_post_properties(device, aliyun_iot_str("{\"t\":21.5}"), NULL, now));
    turn();
    now += 60000;
    turn();
    aliyun_iot_close(device, now);
    turn();
    aliyun_iot_drop(device);
    printf("done\n");
    return 0;
}
