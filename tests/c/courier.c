// A device over ports/bsd that carries numbered messages: `courier up|down count kept|clean tls|plain port`.
//
// up: publishes 0 to count - 1 at QoS 1, and ends when all are acknowledged. down: prints what comes, and ends with
// number count - 1. At the end it prints what it counted: losses, failed attempts, times that it believed in a second
// device with its identity, messages marked as duplicates, milliseconds skipped.
//
// Its clock skips the waits between attempts: while no link is wanted, the rest of the wait is added to the clock. All
// else (handshakes, keepalive, time-outs) runs in real time. Linked with --wrap=clock_gettime.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bsd_port.h"
#include "trusted.h"

static uint64_t memory[4096 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[4096], topics[64];
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls_config trusted;
static tls_mbedtls tls;
static bool down;
static long count, next;
static bool last_came;
static unsigned losses, failures, kicks, duplicates;
static uint64_t skipped_ms;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    int result = __real_clock_gettime(clock, now);
    if (clock == CLOCK_MONOTONIC) {
        now->tv_sec += (time_t)(skipped_ms / 1000);
        now->tv_nsec += (long)(skipped_ms % 1000) * 1000000;
        if (now->tv_nsec >= 1000000000) {
            now->tv_nsec -= 1000000000;
            now->tv_sec++;
        }
    }
    return result;
}

static void skip_the_wait(void) {
    aliyun_iot_link wanted;
    if (!aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_SESSION, &wanted) && aliyun_iot_is_started(device)) {
        uint32_t wait = aliyun_iot_poll_in(device, bsd_port_now_ms());
        skipped_ms += wait == UINT32_MAX ? 0 : wait;
    }
}

static aliyun_iot_status send_number(long number) {
    char payload[32];
    snprintf(payload, sizeof payload, "%ld", number);
    return aliyun_iot_publish(device, aliyun_iot_str("up"), aliyun_iot_str(payload), 1, NULL);
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    char number[16]; // the payload has no NUL at its end
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED:
            puts("subscribed");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            losses++;
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED:
            *(event->as.connection.failed.loss.cause == ALIYUN_IOT_LOSS_KICKED ? &kicks : &failures) += 1;
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_RECEIVED:
            duplicates += event->as.messages.received.dup;
            snprintf(number, sizeof number, "%.*s", (int)event->as.messages.received.payload.len,
                (const char *)event->as.messages.received.payload.data);
            printf("got %s\n", number);
            last_came |= strtol(number, NULL, 10) == count - 1;
            break;
        default:
            break;
    }
}

static bool done(void) {
    return aliyun_iot_unacknowledged(device) == 0 && (down ? last_came : next == count);
}

int main(int argc, char **argv) {
    if (argc < 6) {
        return 2;
    }
    down = strcmp(argv[1], "down") == 0;
    count = strtol(argv[2], NULL, 10);
    bool kept = strcmp(argv[3], "kept") == 0, secure = strcmp(argv[4], "tls") == 0;
    if (!trust_the_file(&trusted)) {
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    if (aliyun_iot_init(place, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    tls_mbedtls_init(&tls, &trusted);
    bsd_port_init(&port, device, &tls.tls, NULL);
    port.tell = tell;
    aliyun_iot_plain_login login = {
        .server = { .host = aliyun_iot_str("localhost"), .port = (uint16_t)atoi(argv[5]), .without_tls = !secure },
        .client_id = aliyun_iot_str("courier"),
    };
    aliyun_iot_options options = { .keep_session = kept };
    if (aliyun_iot_connect_plain(device, &login, &options, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK
        || (down && aliyun_iot_subscribe(device, aliyun_iot_str("down"), 1) != ALIYUN_IOT_STATUS_OK)) {
        return 2;
    }
    while (!done()) {
        skip_the_wait();
        while (!down && next < count && send_number(next) == ALIYUN_IOT_STATUS_OK) {
            next++;
        }
        bsd_port_turn(&port, UINT32_MAX);
    }
    aliyun_iot_close(device, bsd_port_now_ms());
    while (aliyun_iot_poll_in(device, bsd_port_now_ms()) != UINT32_MAX) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls);
    tls_mbedtls_config_free(&trusted);
    printf("ended %u %u %u %u %llu\n", losses, failures, kicks, duplicates, (unsigned long long)skipped_ms);
    return 0;
}
