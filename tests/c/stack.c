// How deep is the stack of a call? Each runs in a thread whose stack was painted before.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aliyun_iot.h"

enum { STACK = 256 * 1024, PAINT = 0xA5 };

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[4096], tx[4096], topics[512];
static aliyun_iot_device *device;

static aliyun_iot_bytes text(const char *s) {
    return (aliyun_iot_bytes){ (const uint8_t *)s, strlen(s) };
}

static void take(const uint8_t *bytes, size_t len) {
    size_t room = 0;
    uint8_t *space = aliyun_iot_space(device, &room);
    if (space == NULL || room < len) {
        abort();
    }
    memcpy(space, bytes, len);
    aliyun_iot_received(device, len, 0);
}

static void *nothing(void *unused) {
    return unused;
}

static void *init(void *unused) {
    device = aliyun_iot_init((uint8_t *)memory, sizeof memory, rx, sizeof rx, tx, sizeof tx, topics, sizeof topics, 1);
    return unused;
}

static void *connect(void *unused) {
    aliyun_iot_credentials login = { .product_key = text("a1b2c3"), .device_name = text("lamp"), .device_secret = text("s") };
    if (aliyun_iot_connect(device, &login, 0) != ALIYUN_IOT_STATUS_OK) {
        abort();
    }
    return unused;
}

static void *subscribe(void *unused) {
    aliyun_iot_subscribe(device, text("/a1b2c3/lamp/user/get"), 1);
    return unused;
}

static void *publish(void *unused) {
    aliyun_iot_publish(device, text("/a1b2c3/lamp/user/update"), text("hello"), 1);
    return unused;
}

static void *post(void *unused) {
    if (aliyun_iot_post_properties(device, text("{\"a\":[1,{\"b\":2}]}"), NULL) != ALIYUN_IOT_STATUS_OK) {
        abort();
    }
    return unused;
}

static void *poll(void *unused) {
    aliyun_iot_event event;
    while (aliyun_iot_poll(device, &event, 0)) {
        if (event.kind == ALIYUN_IOT_EVENT_KIND_PROPERTIES) {
            aliyun_iot_answer(device, 200, text("{}"));
        }
    }
    return unused;
}

static void *registers(void *unused) {
    aliyun_iot_registration registration = { .product_key = text("a1b2c3"), .device_name = text("lamp"), .product_secret = text("s") };
    if (aliyun_iot_register(device, &registration, 0) != ALIYUN_IOT_STATUS_OK) {
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
    aliyun_iot_link_wanted(device, &wanted);
    aliyun_iot_link_up(device, wanted.attempt, 0);
    measure("poll", poll);
    aliyun_iot_sent(device, aliyun_iot_to_send(device).len, 0);
    take((const uint8_t[]){ 0x20, 2, 0, 0 }, 4);
    measure("poll", poll);
    measure("subscribe", subscribe);
    measure("publish", publish);
    measure("post", post);
    measure("poll", poll);
    static const char set[] = "/sys/a1b2c3/lamp/thing/service/property/set";
    static const char json[] = "{\"id\":\"1\",\"params\":{\"a\":1},\"method\":\"thing.service.property.set\"}";
    uint8_t packet[256] = { 0x30, (uint8_t)(2 + sizeof set - 1 + sizeof json - 1), 0, sizeof set - 1 };
    memcpy(packet + 4, set, sizeof set - 1);
    memcpy(packet + 4 + sizeof set - 1, json, sizeof json - 1);
    take(packet, 4 + sizeof set - 1 + sizeof json - 1);
    measure("poll", poll);
    aliyun_iot_close(device, 0);
    measure("poll", poll);
    aliyun_iot_link_lost(device, wanted.attempt, 0, 0);
    measure("poll", poll);
    measure("register", registers);
    aliyun_iot_drop(device);
    return 0;
}
