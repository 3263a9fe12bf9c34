// Which date is a number of seconds?

#include "base/date.h"

#define SECONDS_PER_DAY (86400)

// Not every processor divides 64 bits.
uint32_t date_seconds(uint64_t ms, uint32_t *rest) {
    uint32_t seconds = 0, left = 0;
    for (int bit = 0; bit < 64; bit++) {
        left = left << 1 | (uint32_t)(ms >> 63);
        ms <<= 1;
        seconds <<= 1;
        if (left >= 1000) {
            left -= 1000;
            seconds |= 1;
        }
    }
    *rest = left;
    return seconds;
}

// Years begin with March here, so that leap days end them.
date_t date_of(uint32_t seconds) {
    uint32_t days = seconds / SECONDS_PER_DAY, time = seconds % SECONDS_PER_DAY;
    uint32_t since = days + 719468; // since 0000-03-01
    uint32_t era = since / 146097, day_of_era = since % 146097;
    uint32_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day = day_of_era - (365 * year + year / 4 - year / 100);
    uint32_t month = (5 * day + 2) / 153;
    return (date_t) {
        .year = year + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day - (153 * month + 2) / 5 + 1,
        .hour = time / 3600,
        .minute = time / 60 % 60,
        .second = time % 60,
        .weekday = (days + 3) % 7,
    };
}

uint32_t date_to_seconds(const date_t *date) {
    if (date->year < 1970 || date->year > 2105) {
        return 0;
    }
    uint32_t year = date->year - (date->month < 3);
    uint32_t era = year / 400, year_of_era = year % 400;
    uint32_t day_of_year = (153 * ((date->month + 9) % 12) + 2) / 5 + date->day - 1;
    uint32_t days = era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
    return days * SECONDS_PER_DAY + date->hour * 3600 + date->minute * 60 + date->second;
}
