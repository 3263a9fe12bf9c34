// The C library here has no clock_gettime; that of ESP-IDF has.
#ifndef TESTS_SHAPES_ESP_TIME_H
#define TESTS_SHAPES_ESP_TIME_H

#include_next <time.h>

#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC ((clockid_t)4)
int clock_gettime(clockid_t clock, struct timespec *now);
#endif

#endif
