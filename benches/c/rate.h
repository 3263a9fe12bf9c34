// What both programs have in common: `program host port qos window count` publishes `count` messages, with at most
// `window` of them unacknowledged (QoS 1), and prints how many a second that was, and the milliseconds until CONNACK.
#ifndef BENCHES_RATE_H
#define BENCHES_RATE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// 47 and 64 bytes.
#define TOPIC "/a1B2c3D4e5F/thermometer-0000000001/user/report"
#define PAYLOAD "{\"temperature\":21.5,\"humidity\":40,\"battery\":97,\"uptime\":1234567}"

typedef struct {
    const char *host;
    int port, qos, window;
    long count;
} arguments;

static inline arguments read_arguments(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: %s host port qos window count\n", argv[0]);
        exit(2);
    }
    return (arguments){ argv[1], atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atol(argv[5]) };
}

static inline double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline void report(double begun, double connected, double ended, long count) {
    printf("%.0f %.3f\n", (double)count / (ended - connected), (connected - begun) * 1000);
}

#endif
