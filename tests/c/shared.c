// Four threads that use one device over bsd_shared.h, while the main thread drives it: `shared storm|idle tls|plain port`.
//
// storm: two threads publish `<thread>-<number>` at QoS 1 until all are accepted, and post meanwhile; one subscribes,
// unsubscribes and asks. When all is acknowledged, the fourth closes and connects, again and again, while the others
// go on. Prints what it counted.
//
// idle: the device rests, then other threads publish, once each and many at a time. Prints waits and rings of each step.
//
// The waits between two attempts are skipped, as in courier.c: a wait without a link is over at once, and the clock goes on
// by what is left of it. Linked with --wrap=clock_gettime,--wrap=poll.
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bsd_shared.h"
#include "trusted.h"

enum { MESSAGES = 400, POSTS = 100, CLOSES = 25, BURST = 16, SETTLED_US = 500000 };

unsigned touched; // touched.h

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[4096], topics[512];
static bsd_shared shared;
static tls_mbedtls_config trusted;
static tls_mbedtls tls;
static aliyun_iot_aliyun_login login;
static char topic[128], filters[4][128];

// The program's own lock. A thread holds it while it calls the facade, and `tell` takes it: so the facade must not hold
// its own while `tell` runs.
static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned ups, losses, closed, delivered, subscribed, replies, answers, posts;
static bool storm_is_over;

static atomic_ullong skipped_ms;
static atomic_uint waits;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    unsigned long long skipped = skipped_ms;
    int result = __real_clock_gettime(clock, now);
    if (clock == CLOCK_MONOTONIC) {
        long long ns = now->tv_nsec + (long long)(skipped % 1000) * 1000000;
        now->tv_sec += (time_t)(skipped / 1000) + (time_t)(ns / 1000000000);
        now->tv_nsec = (long)(ns % 1000000000);
    }
    return result;
}

int __real_poll(struct pollfd *waiting, nfds_t count, int ms);
int __wrap_poll(struct pollfd *waiting, nfds_t count, int ms);
int __wrap_poll(struct pollfd *waiting, nfds_t count, int ms) {
    waits++;
    bool has_link = count > 1;
    int found = __real_poll(waiting, count, has_link || ms < 0 ? ms : 0);
    if (found == 0 && !has_link && ms > 0) {
        skipped_ms += (unsigned)ms;
    }
    return found;
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    pthread_mutex_lock(&own);
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            ups++;
            bsd_shared_publish(&shared, aliyun_iot_str(topic), aliyun_iot_str("up"), 0, NULL);
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            losses++;
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_CLOSED:
            closed++;
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_DELIVERED:
            delivered++;
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED:
            subscribed++;
            break;
        case ALIYUN_IOT_EVENT_MODEL_REPLY:
        case ALIYUN_IOT_EVENT_MODEL_NO_REPLY:
            replies++;
            break;
        case ALIYUN_IOT_EVENT_CALL_PROPERTIES:
            answers += bsd_shared_answer(&shared, 200, aliyun_iot_str("{}")) == ALIYUN_IOT_STATUS_OK;
            break;
        default:
            break;
    }
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&own);
}

static void fail(const char *what, aliyun_iot_status status) {
    printf("%s: %d\n", what, (int)status);
    exit(3);
}

// Whether the call was carried out, or could not be for a reason that passes.
static bool did(const char *what, aliyun_iot_status status) {
    if (status != ALIYUN_IOT_STATUS_OK && status != ALIYUN_IOT_STATUS_FULL && status != ALIYUN_IOT_STATUS_NOT_CONNECTED) {
        fail(what, status);
    }
    return status == ALIYUN_IOT_STATUS_OK;
}

static bool over(void) {
    pthread_mutex_lock(&own);
    bool result = storm_is_over;
    pthread_mutex_unlock(&own);
    return result;
}

static void publish_and_post(const char *name) {
    char text[64];
    for (unsigned number = 0; number < MESSAGES;) {
        snprintf(text, sizeof text, "%s-%u", name, number);
        pthread_mutex_lock(&own);
        aliyun_iot_status status = bsd_shared_publish(&shared, aliyun_iot_str(topic), aliyun_iot_str(text), 1, NULL);
        if (status == ALIYUN_IOT_STATUS_FULL) {
            pthread_cond_wait(&changed, &own);
        } else if (status != ALIYUN_IOT_STATUS_OK) {
            fail("publish", status);
        } else if (++number % (MESSAGES / POSTS) == 0) {
            uint32_t id;
            snprintf(text, sizeof text, "{\"%s\":%u}", name, number);
            posts += did("post", bsd_shared_post_properties(&shared, aliyun_iot_str(text), &id));
        }
        pthread_mutex_unlock(&own);
    }
    while (!over()) {
        did("publish", bsd_shared_publish(&shared, aliyun_iot_str(topic), aliyun_iot_str("later"), 0, NULL));
        usleep(2000);
    }
}

static void *first(void *unused) {
    publish_and_post("first");
    return unused;
}

static void *second(void *unused) {
    publish_and_post("second");
    return unused;
}

static void *third(void *unused) {
    for (unsigned round = 0; !over(); round++) {
        aliyun_iot_bytes filter = aliyun_iot_str(filters[round % 4]);
        did("subscribe", round / 4 % 2 == 0 ? bsd_shared_subscribe(&shared, filter, 1) : bsd_shared_unsubscribe(&shared, filter));
        did("time", bsd_shared_ask_time(&shared));
        bsd_shared_cancel_upload(&shared);
        if (bsd_shared_unacknowledged(&shared) > 20 || bsd_shared_answer(&shared, 200, aliyun_iot_str("{}")) == 0) {
            fail("what cannot be", 0);
        }
        aliyun_iot_error error;
        aliyun_iot_device *device = bsd_shared_lock(&shared);
        if (aliyun_iot_publish(device, aliyun_iot_str("#"), aliyun_iot_str("x"), 0, NULL) == ALIYUN_IOT_STATUS_OK
            || !aliyun_iot_last_error(device, &error)) {
            fail("a failure has details", 0);
        }
        bsd_shared_unlock(&shared);
        usleep(10000);
    }
    return unused;
}

static void *fourth(void *unused) {
    unsigned closes = 0;
    pthread_mutex_lock(&own);
    while (delivered < 2 * MESSAGES || bsd_shared_unacknowledged(&shared) > 0) {
        pthread_cond_wait(&changed, &own);
    }
    printf("delivered %u, lost %u sessions\n", delivered, losses);
    while (closes < CLOSES) {
        unsigned before = closed;
        if (did("close", bsd_shared_close(&shared))) {
            closes++;
            while (closed == before) {
                pthread_cond_wait(&changed, &own);
            }
        }
        // Now and then in the middle of an attempt.
        pthread_mutex_unlock(&own);
        aliyun_iot_status status;
        while ((status = bsd_shared_connect_aliyun(&shared, &login, NULL)) == ALIYUN_IOT_STATUS_ALREADY_CONNECTED) {
            usleep(100); // `tell` has not returned yet
        }
        if (status != ALIYUN_IOT_STATUS_OK) {
            fail("connect", status);
        }
        usleep(closes % 5 * 3000);
        pthread_mutex_lock(&own);
    }
    storm_is_over = true;
    printf("closed %u of %u\n", closed, closes);
    pthread_mutex_unlock(&own);
    bsd_shared_stop(&shared);
    return unused;
}

static void *run(void *unused) {
    bsd_shared_run(&shared);
    return unused;
}

static void storm(void) {
    void *(*const bodies[])(void *) = { first, second, third, fourth };
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, bodies[i], NULL);
    }
    bsd_shared_run(&shared);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("rings %u, waits %u, ups %u, subscribed %u, posts %u, replies %u, answers %u\n", (unsigned)shared.rings,
        (unsigned)waits, ups, subscribed, posts, replies, answers);
}

// ---- Idle ----

static void *publish_once(void *unused) {
    did("publish", bsd_shared_publish(&shared, aliyun_iot_str(topic), aliyun_iot_str("once"), 0, NULL));
    return unused;
}

static void *publish_many(void *unused) {
    aliyun_iot_device *device = bsd_shared_lock(&shared);
    for (int i = 0; i < BURST; i++) {
        did("publish", aliyun_iot_publish(device, aliyun_iot_str(topic), aliyun_iot_str("many"), 0, NULL));
    }
    bsd_shared_unlock(&shared);
    return unused;
}

static void *ask(void *unused) {
    for (int i = 0; i < BURST; i++) {
        bsd_shared_is_online(&shared);
        bsd_shared_unacknowledged(&shared);
        bsd_shared_publish(&shared, aliyun_iot_str("#"), aliyun_iot_str("x"), 0, NULL);
    }
    return unused;
}

static void *sleep_only(void *unused) {
    usleep(2 * SETTLED_US);
    return unused;
}

static unsigned rings(void) {
    bsd_mutex_lock(&shared.mutex);
    unsigned result = shared.rings;
    bsd_mutex_unlock(&shared.mutex);
    return result;
}

static void step(const char *name, void *(*body)(void *)) {
    unsigned rings_before = rings(), waits_before = waits;
    pthread_t thread;
    pthread_create(&thread, NULL, body, NULL);
    pthread_join(thread, NULL);
    usleep(SETTLED_US);
    printf("%s: rings %u, waits %u\n", name, rings() - rings_before, waits - waits_before);
}

static void idle(void) {
    pthread_t driver;
    pthread_create(&driver, NULL, run, NULL);
    pthread_mutex_lock(&own);
    while (ups == 0) {
        pthread_cond_wait(&changed, &own);
    }
    pthread_mutex_unlock(&own);
    usleep(SETTLED_US);
    step("sleeps", sleep_only);
    step("asks", ask);
    step("publishes once", publish_once);
    step("publishes many", publish_many);
    bsd_shared_stop(&shared);
    pthread_join(driver, NULL);
}

int main(int argc, char **argv) {
    if (argc < 4 || !trust_the_file(&trusted)) {
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *key = getenv("ALIYUN_PRODUCT_KEY"), *name = getenv("ALIYUN_DEVICE_NAME");
    snprintf(topic, sizeof topic, "/%s/%s/user/update", key, name);
    for (int i = 0; i < 4; i++) {
        snprintf(filters[i], sizeof filters[i], "/%s/%s/user/get%d", key, name, i);
    }
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_device *device;
    tls_mbedtls_init(&tls, &trusted);
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK
        || !bsd_shared_init(&shared, device, &tls.tls, NULL, tell, NULL)) {
        return 2;
    }
    login = (aliyun_iot_aliyun_login){
        .identity = { .product_key = aliyun_iot_str(key), .device_name = aliyun_iot_str(name) },
        .server = { .host = aliyun_iot_str("localhost"), .port = (uint16_t)atoi(argv[3]),
            .without_tls = strcmp(argv[2], "plain") == 0 },
        .device_secret = aliyun_iot_str(getenv("ALIYUN_DEVICE_SECRET")),
    };
    if (bsd_shared_connect_aliyun(&shared, &login, NULL) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    (strcmp(argv[1], "idle") == 0 ? idle : storm)();
    bsd_shared_free(&shared);
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls);
    tls_mbedtls_config_free(&trusted);
    puts("ended");
    return 0;
}
