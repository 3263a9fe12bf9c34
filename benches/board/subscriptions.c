// What does a received message cost with `n` subscriptions? The filters begin as the topic does, as those of one device do,
// and, without a wildcard, have its length.
#include "operations.h"
#include "port.h"

// Filters that do not match: a number replaces each `0`. The last level differs, or the level before it.
#define END DEVICE "/user/r00000"
#define MIDDLE DEVICE "/u000/report"
#define WILDCARD END "/+"

static void write_number(char *filter, uint32_t number) {
    char *start = filter + sizeof DEVICE - 1, *end = start;
    while (*end != '0') {
        end++;
    }
    start = end;
    while (*end == '0') {
        end++;
    }
    while (end > start) {
        *--end = (char)('0' + number % 10);
        number /= 10;
    }
}

static void prepare(uint32_t n, uint32_t matching, const char *other) {
    char filter[sizeof WILDCARD];
    port_online(PORT_TX);
    for (uint32_t i = 0; i < n; i++) {
        for (size_t at = 0; at == 0 || other[at - 1] != 0; at++) {
            filter[at] = other[at];
        }
        write_number(filter, i);
        port_subscribe(i == matching ? TOPIC : filter);
    }
}

static void prepare_first(uint32_t n) {
    prepare(n, 0, END);
}

static void prepare_last(uint32_t n) {
    prepare(n, n - 1, END);
}

static void prepare_same_end(uint32_t n) {
    prepare(n, n - 1, MIDDLE);
}

static void prepare_wildcards(uint32_t n) {
    prepare(n, n - 1, WILDCARD);
}

static void prepare_none(uint32_t n) {
    prepare(n, n, END);
}

static void received(void) {
    port_read(PUBLISH, sizeof PUBLISH - 1);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 1);
}

static void dropped(void) {
    port_read(PUBLISH, sizeof PUBLISH - 1);
    port_expect(ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, 0);
}

// From the loss of the link to the last SUBACK on the next one.
static void reconnect(void) {
    port_reconnect();
    port_answer_subscribes();
}

const operation operation_subscriptions_first = { "subscriptions_first", prepare_first, received };
const operation operation_subscriptions_last = { "subscriptions_last", prepare_last, received };
const operation operation_subscriptions_same_end = { "subscriptions_same_end", prepare_same_end, received };
const operation operation_subscriptions_wildcards = { "subscriptions_wildcards", prepare_wildcards, received };
const operation operation_subscriptions_none = { "subscriptions_none", prepare_none, dropped };
const operation operation_reconnect = { "reconnect", prepare_none, reconnect };
