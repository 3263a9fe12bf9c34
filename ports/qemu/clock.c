// Time, for MicroPython: the family's timers below it count microseconds, end sleeps and drive soft timers. There is no tick.

#include "board.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/softtimer.h"

static uint64_t seconds_at_start;

void clock_init(void) {
    timers_init();
    seconds_at_start = host_seconds() - clock_us() / 1000000;
}

// The board has no clock that runs on without power: this one starts at the host's time.
uint64_t clock_seconds(void) {
    return seconds_at_start + clock_us() / 1000000;
}

// ---- Soft timers ----

uint32_t soft_timer_get_ms(void) {
    return clock_us() / 1000;
}

void soft_timer_schedule_at_ms(uint32_t ticks_ms) {
    int32_t ms = soft_timer_ticks_diff(ticks_ms, soft_timer_get_ms());
    if (ms > 0) {
        timers_soft_in(ms);
    } else {
        pendsv_schedule(PENDSV_SOFT_TIMER);
    }
}

// ---- For MicroPython ----

mp_uint_t mp_hal_ticks_ms(void) {
    return clock_us() / 1000;
}

mp_uint_t mp_hal_ticks_us(void) {
    return clock_us();
}

mp_uint_t mp_hal_ticks_cpu(void) {
    return clock_us();
}

uint64_t mp_hal_time_ns(void) {
    return (seconds_at_start * 1000000 + clock_us()) * 1000;
}

void mp_hal_delay_us(mp_uint_t us) {
    uint64_t end = clock_us() + us;
    while (clock_us() < end) {
    }
}

void mp_hal_delay_ms(mp_uint_t ms) {
    uint64_t end = clock_us() + (uint64_t)ms * 1000;
    for (uint64_t now = clock_us(); now < end; now = clock_us()) {
        uint64_t left = (end - now + 999) / 1000;
        mp_event_wait_ms(left < CLOCK_MS_MAX ? left : CLOCK_MS_MAX);
    }
    mp_handle_pending(true);
}
