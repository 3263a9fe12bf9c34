// How deep is the stack of a call? Each runs in a thread whose stack was painted before.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aliyun_iot.h"

#define IDENTITY { .product_key = ALIYUN_IOT_STR("a1b2c3"), .device_name = ALIYUN_IOT_STR("lamp") }

enum { STACK = 256 * 1024, PAINT = 0xA5 };

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[4096], tx[4096], topics[512], scratch[2048];
static aliyun_iot_device *device;

static void take(const uint8_t *bytes, size_t len) {
    aliyun_iot_buffer space;
    if (!aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &space) || space.len < len) {
        abort();
    }
    memcpy(space.data, bytes, len);
    aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, len, 0);
}

static void *nothing(void *unused) {
    return unused;
}

static void *init(void *unused) {
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        abort();
    }
    return unused;
}

static void *connect(void *unused) {
    aliyun_iot_aliyun_login login = { .identity = IDENTITY, .device_secret = ALIYUN_IOT_STR("s") };
    if (aliyun_iot_connect_aliyun(device, &login, NULL, 0) != ALIYUN_IOT_STATUS_OK) {
        abort();
    }
    return unused;
}

static void *subscribe(void *unused) {
    aliyun_iot_subscribe(device, aliyun_iot_str("/a1b2c3/lamp/user/get"), 1);
    return unused;
}

static void *publish(void *unused) {
    aliyun_iot_publish(device, aliyun_iot_str("/a1b2c3/lamp/user/update"), aliyun_iot_str("hello"), 1, NULL);
    return unused;
}

static void *post(void *unused) {
    if (aliyun_iot_post_properties(device, aliyun_iot_str("{\"a\":[1,{\"b\":2}]}"), NULL, 0) != ALIYUN_IOT_STATUS_OK) {
        abort();
    }
    return unused;
}

static void *poll(void *unused) {
    aliyun_iot_event event;
    while (aliyun_iot_poll(device, &event, 0)) {
        if (event.kind == ALIYUN_IOT_EVENT_CALL_PROPERTIES) {
            aliyun_iot_answer(device, 200, aliyun_iot_str("{}"));
        }
    }
    return unused;
}

static void *registers(void *unused) {
    aliyun_iot_aliyun_registration registration = { .identity = IDENTITY, .product_secret = ALIYUN_IOT_STR("s") };
    if (aliyun_iot_register_aliyun(device, &registration, (aliyun_iot_buffer){ scratch, sizeof scratch }, 0) != ALIYUN_IOT_STATUS_OK) {
        abort();
    }
    return unused;
}

// Bytes of the stack that a thread with this call has touched.
static size_t touched(void *(*call)(void *)) {
    uint8_t *stack = aligned_alloc(4096, STACK);
    memset(stack, PAINT, STACK);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, STACK);
    if (pthread_create(&thread, &attributes, call, NULL) != 0 || pthread_join(thread, NULL) != 0) {
        abort();
    }
    size_t left = 0;
    while (left < STACK && stack[left] == PAINT) {
        left++;
    }
    free(stack);
    return STACK - left;
}

static void measure(const char *name, void *(*call)(void *)) {
    size_t whole = touched(call), base = touched(nothing);
    printf("%s %zu\n", name, whole > base ? whole - base : 0);
}

int main(void) {
    printf("device %zu\n", aliyun_iot_device_size());
    measure("init", init);
    measure("connect", connect);
    aliyun_iot_link wanted;
    aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &wanted);
    aliyun_iot_link_up(device, ALIYUN_IOT_LINK_SESSION, wanted.attempt, 0);
    measure("poll", poll);
    aliyun_iot_bytes packet;
    aliyun_iot_to_send(device, ALIYUN_IOT_LINK_SESSION, &packet);
    aliyun_iot_sent(device, ALIYUN_IOT_LINK_SESSION, packet.len, 0);
    take((const uint8_t[]){ 0x20, 2, 0, 0 }, 4);
    measure("poll", poll);
    measure("subscribe", subscribe);
    measure("publish", publish);
    measure("post", post);
    measure("poll", poll);
    static const char set[] = "/sys/a1b2c3/lamp/thing/service/property/set";
    static const char json[] = "{\"id\":\"1\",\"params\":{\"a\":1},\"method\":\"thing.service.property.set\"}";
    uint8_t message[256] = { 0x30, (uint8_t)(2 + sizeof set - 1 + sizeof json - 1), 0, sizeof set - 1 };
    memcpy(message + 4, set, sizeof set - 1);
    memcpy(message + 4 + sizeof set - 1, json, sizeof json - 1);
    take(message, 4 + sizeof set - 1 + sizeof json - 1);
    measure("poll", poll);
    aliyun_iot_close(device, 0);
    measure("poll", poll);
    aliyun_iot_link_lost(device, ALIYUN_IOT_LINK_SESSION, wanted.attempt, 0, 0);
    measure("poll", poll);
    measure("register", registers);
    aliyun_iot_drop(device);
    return 0;
}
