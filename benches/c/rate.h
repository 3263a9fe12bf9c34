// What the programs here have in common: `program host port root what qos window count`.
//
//   root     the root certificate's file, for TLS to `host`; `-` for plain TCP
//   what     `publish`: `count` messages, at most `window` of them unacknowledged
//            `receive`: subscribes, prints `ready`, and ends after `count` messages
//
// Each prints `messages seconds processor-seconds connect-ms`: seconds from the first message to the last, the processor's
// time of all threads of the program in them, and the milliseconds until CONNACK.
#ifndef BENCHES_RATE_H
#define BENCHES_RATE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

// 47 and 64 bytes.
#define TOPIC "/a1B2c3D4e5F/thermometer-0000000001/user/report"
#define PAYLOAD "{\"temperature\":21.5,\"humidity\":40,\"battery\":97,\"uptime\":1234567}"

typedef struct {
    const char *host;
    int port;
    const char *root; // NULL for plain TCP
    bool receives;
    int qos, window;
    long count;
} arguments;

static inline arguments read_arguments(int argc, char **argv) {
    if (argc != 8 || (strcmp(argv[4], "publish") != 0 && strcmp(argv[4], "receive") != 0)) {
        fprintf(stderr, "usage: %s host port root|- publish|receive qos window count\n", argv[0]);
        exit(2);
    }
    return (arguments){ argv[1], atoi(argv[2]), strcmp(argv[3], "-") != 0 ? argv[3] : NULL, strcmp(argv[4], "receive") == 0,
        atoi(argv[5]), atoi(argv[6]), atol(argv[7]) };
}

typedef struct {
    double wall, processor;
} moment;

static inline moment now(void) {
    struct timespec wall;
    struct rusage used;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    getrusage(RUSAGE_SELF, &used);
    return (moment){ (double)wall.tv_sec + (double)wall.tv_nsec / 1e9,
        (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
            + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6 };
}

// Subscribed: the messages may come.
static inline void ready(void) {
    puts("ready");
    fflush(stdout);
}

static inline void report(moment begun, moment connected, moment first, moment last, long count) {
    printf("%ld %.6f %.6f %.3f\n", count, last.wall - first.wall, last.processor - first.processor,
        (connected.wall - begun.wall) * 1000);
}

static inline void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

#endif
