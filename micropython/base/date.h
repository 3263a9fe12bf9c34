// Dates and times of day.
#ifndef ALIYUN_IOT_BASE_DATE_H
#define ALIYUN_IOT_BASE_DATE_H

#include <stdint.h>

typedef struct {
    uint32_t year, month, day, hour, minute, second, weekday; // Monday is 0
} date_t;

// Whole seconds, and the rest in milliseconds.
uint32_t date_seconds(uint64_t ms, uint32_t *rest);
// The date of a number of seconds since 1970, until 2106.
date_t date_of(uint32_t seconds);
// The number of seconds since 1970 at a date; 0 before 1970 and after 2105.
uint32_t date_to_seconds(const date_t *date);

#endif
