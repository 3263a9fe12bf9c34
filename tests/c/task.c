// bsd_task.h: `task host port`. Connects over TLS, posts from the main thread, waits for the platform's reply, and stops.
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "bsd_task.h"

static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int32_t last_kind, last_code;

static void tell(void *context, const aliyun_iot_event *event) {
    pthread_mutex_lock(&own);
    last_kind = event->kind;
    last_code = event->kind == ALIYUN_IOT_EVENT_MODEL_REPLY ? event->as.model.reply.code : 0;
    pthread_cond_broadcast((pthread_cond_t *)context);
    pthread_mutex_unlock(&own);
}

static void wait_for(int32_t kind) {
    pthread_mutex_lock(&own);
    while (last_kind != kind) {
        pthread_cond_wait(&changed, &own);
    }
    printf("%s %d\n", aliyun_iot_event_name(kind), (int)last_code);
    pthread_mutex_unlock(&own);
}

int main(int argc, char **argv) {
    static uint8_t roots[16384];
    FILE *file = argc < 3 ? NULL : fopen(getenv("SSL_CERT_FILE"), "rb");
    size_t len = file ? fread(roots, 1, sizeof roots - 1, file) + 1 : 0;
    if (len == 0) {
        return 2;
    }
    fclose(file);
    bsd_shared *device = bsd_task_start(tell, &changed, roots, len);
    if (device == NULL) {
        return 2;
    }
    aliyun_iot_aliyun_login login = {
        .identity = { .product_key = aliyun_iot_str(getenv("ALIYUN_PRODUCT_KEY")),
            .device_name = aliyun_iot_str(getenv("ALIYUN_DEVICE_NAME")) },
        .server = { .host = aliyun_iot_str(argv[1]), .port = (uint16_t)atoi(argv[2]) },
        .device_secret = aliyun_iot_str(getenv("ALIYUN_DEVICE_SECRET")),
    };
    uint32_t id;
    if (bsd_shared_connect_aliyun(device, &login, NULL) != ALIYUN_IOT_STATUS_OK) {
        return 3;
    }
    wait_for(ALIYUN_IOT_EVENT_CONNECTION_UP);
    if (bsd_shared_post_properties(device, aliyun_iot_str("{\"Counter\":1}"), &id) != ALIYUN_IOT_STATUS_OK) {
        return 3;
    }
    wait_for(ALIYUN_IOT_EVENT_MODEL_REPLY);
    bsd_shared_stop(device);
    wait_for(ALIYUN_IOT_EVENT_CONNECTION_CLOSED);
    printf("after the end: %d\n", (int)bsd_shared_post_properties(device, aliyun_iot_str("{}"), &id));
    return 0;
}
