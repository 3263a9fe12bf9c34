// What does a received message cost with `n` subscriptions? The filters differ from the topic in the last level only, as the
// topics of one device do; without wildcards they have its length.
#include <stdbool.h>

#include "operations.h"
#include "port.h"

// The last level of a filter is a letter and this many digits.
#define DIGITS (5)

static void prepare(uint32_t n, uint32_t matching, bool wildcards) {
    char filter[] = LEVELS "r00000/+";
    char *digits = filter + sizeof LEVELS;
    if (!wildcards) {
        digits[DIGITS] = 0;
    }
    port_online(PORT_TX);
    for (uint32_t i = 0; i < n; i++) {
        if (i == matching) {
            port_subscribe(TOPIC);
            continue;
        }
        uint32_t number = i;
        for (char *digit = digits + DIGITS; digit > digits;) {
            *--digit = (char)('0' + number % 10);
            number /= 10;
        }
        port_subscribe(filter);
    }
}

static void prepare_first(uint32_t n) {
    prepare(n, 0, false);
}

static void prepare_last(uint32_t n) {
    prepare(n, n - 1, false);
}

static void prepare_wildcards(uint32_t n) {
    prepare(n, n - 1, true);
}

static void prepare_none(uint32_t n) {
    prepare(n, n, false);
}

static void received(void) {
    port_read(PUBLISH, sizeof PUBLISH - 1);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 1);
}

static void dropped(void) {
    port_read(PUBLISH, sizeof PUBLISH - 1);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 0);
}

const operation operation_subscriptions_first = { "subscriptions_first", prepare_first, received };
const operation operation_subscriptions_last = { "subscriptions_last", prepare_last, received };
const operation operation_subscriptions_wildcards = { "subscriptions_wildcards", prepare_wildcards, received };
const operation operation_subscriptions_none = { "subscriptions_none", prepare_none, dropped };
