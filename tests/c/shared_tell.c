// What another thread gets while `tell` runs, over bsd_shared.h: `shared_tell port`. `tell` stops in each event that the main
// thread waits for, until the main thread has made its calls. So the facade holds no lock meanwhile. Prints each status.
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bsd_shared.h"

enum { FILE_SIZE = 600, BLOCK = 512 };

unsigned touched; // touched.h

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[4096], topics[256], file[FILE_SIZE];
static bsd_shared shared;
static aliyun_iot_aliyun_login login;
static char topic[128], kept[64];

static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int32_t wanted, stopped_in; // kinds of events

static void inside(const aliyun_iot_event *event) {
    aliyun_iot_buffer place;
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_MESSAGES_RECEIVED:
            // Still there, whatever the other thread has called.
            snprintf(kept, sizeof kept, "%.*s", (int)event->as.messages.received.payload.len,
                (const char *)event->as.messages.received.payload.data);
            break;
        case ALIYUN_IOT_EVENT_UPLOAD_BLOCK:
            if (bsd_shared_upload_place(&shared, &place)) {
                memcpy(place.data, file + event->as.upload.block.offset, place.len);
                bsd_shared_upload_filled(&shared);
            }
            break;
        case ALIYUN_IOT_EVENT_CALL_PROPERTIES:
            printf("answer in tell: %d\n", (int)bsd_shared_answer(&shared, 200, aliyun_iot_str("{}")));
            break;
        default:
            break;
    }
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    pthread_mutex_lock(&own);
    if (event->kind == wanted) {
        stopped_in = wanted;
        pthread_cond_broadcast(&changed);
        while (stopped_in != 0) {
            pthread_cond_wait(&changed, &own);
        }
    }
    pthread_mutex_unlock(&own);
    inside(event);
}

static void want(int32_t kind) {
    pthread_mutex_lock(&own);
    wanted = kind;
    pthread_mutex_unlock(&own);
}

static void wait_for_it(void) {
    pthread_mutex_lock(&own);
    while (stopped_in == 0) {
        pthread_cond_wait(&changed, &own);
    }
    pthread_mutex_unlock(&own);
}

// Lets `tell` go on, to stop in an event of this kind next.
static void go_on(int32_t kind) {
    pthread_mutex_lock(&own);
    wanted = kind;
    stopped_in = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&own);
}

static void say(const char *what, aliyun_iot_status status) {
    printf("%s: %d\n", what, (int)status);
}

static aliyun_iot_status publish(void) {
    return bsd_shared_publish(&shared, aliyun_iot_str(topic), aliyun_iot_str("x"), 0, NULL);
}

static aliyun_iot_status upload(void) {
    uint64_t sum = aliyun_iot_crc64(0, (aliyun_iot_bytes){ file, FILE_SIZE });
    return bsd_shared_upload(&shared, aliyun_iot_str("log.bin"), FILE_SIZE, sum, BLOCK);
}

static void *run(void *unused) {
    bsd_shared_run(&shared);
    return unused;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < FILE_SIZE; i++) {
        file[i] = (uint8_t)i;
    }
    const char *key = getenv("ALIYUN_PRODUCT_KEY"), *name = getenv("ALIYUN_DEVICE_NAME");
    snprintf(topic, sizeof topic, "/%s/%s/user/get", key, name);
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_device *device;
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK
        || !bsd_shared_init(&shared, device, NULL, NULL, tell, NULL)) {
        return 2;
    }
    login = (aliyun_iot_aliyun_login){
        .identity = { .product_key = aliyun_iot_str(key), .device_name = aliyun_iot_str(name) },
        .server = { .host = aliyun_iot_str("localhost"), .port = (uint16_t)atoi(argv[1]), .without_tls = true },
        .device_secret = aliyun_iot_str(getenv("ALIYUN_DEVICE_SECRET")),
    };
    pthread_t driver;
    pthread_create(&driver, NULL, run, NULL);
    want(ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED);
    say("close, off", bsd_shared_close(&shared));
    say("connect", bsd_shared_connect_aliyun(&shared, &login, NULL));
    say("subscribe", bsd_shared_subscribe(&shared, aliyun_iot_str(topic), 1));
    wait_for_it();

    // The message comes back to its sender.
    go_on(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED);
    say("publish", bsd_shared_publish(&shared, aliyun_iot_str(topic), aliyun_iot_str("the event's own text"), 1, NULL));
    wait_for_it();
    say("publish in an event", publish());
    say("connect in an event", bsd_shared_connect_aliyun(&shared, &login, NULL));
    say("answer of another thread", bsd_shared_answer(&shared, 200, aliyun_iot_str(NULL)));
    say("upload place of another thread", bsd_shared_upload_place(&shared, &place));
    bsd_shared_cancel_upload(&shared);
    say("close in an event", bsd_shared_close(&shared));
    say("close again", bsd_shared_close(&shared));
    say("publish after close", publish());
    say("online", bsd_shared_is_online(&shared));

    go_on(ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
    wait_for_it();
    printf("message: %s\n", kept);
    say("connect while tell handles the end", bsd_shared_connect_aliyun(&shared, &login, NULL));
    say("close while tell handles the end", bsd_shared_close(&shared));

    go_on(ALIYUN_IOT_EVENT_UPLOAD_BLOCK);
    aliyun_iot_status status;
    while ((status = bsd_shared_connect_aliyun(&shared, &login, NULL)) == ALIYUN_IOT_STATUS_ALREADY_CONNECTED) {
        sched_yield(); // `tell` has not returned yet
    }
    say("connect again", status);
    say("upload", upload());
    wait_for_it();
    say("publish beside a block", publish());
    say("upload beside a block", upload());

    go_on(ALIYUN_IOT_EVENT_UPLOAD_DONE);
    wait_for_it();
    say("upload beside the end of one", upload());
    go_on(ALIYUN_IOT_EVENT_CALL_PROPERTIES);
    puts("set something");
    wait_for_it();
    go_on(0);
    bsd_shared_stop(&shared);
    pthread_join(driver, NULL);
    bsd_shared_free(&shared);
    aliyun_iot_drop(device);
    puts("ended");
    return 0;
}
