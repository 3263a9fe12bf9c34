// Time: a counter of microseconds, one timer for the soft timers and one that ends sleeps. There is no tick.

#include "board.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/softtimer.h"

#define CLOCK_HZ (25000000)
#define TICKS_PER_MS (CLOCK_HZ / 1000)

// The FPGA's free-running counter.
#define COUNTER (*(volatile uint32_t *)0x40028018)
#define COUNTER_PRESCALE (*(volatile uint32_t *)0x4002801c)

typedef struct {
    volatile uint32_t CTRL, VALUE, RELOAD, INTCLEAR;
} apb_timer_t;
#define TIMER0 ((apb_timer_t *)0x40000000)
#define TIMER1 ((apb_timer_t *)0x40001000)
#define TIMER_ENABLE (1 << 0)
#define TIMER_INTERRUPT (1 << 3)
// Of a 32-bit counter at 25 MHz. Who waits longer is woken for nothing.
#define TIMER_MS_MAX (100 * 1000)

static uint32_t counter_high, counter_last;
static uint64_t seconds_at_start;

static void timer_start(apb_timer_t *timer, uint32_t ms) {
    timer->CTRL = 0;
    timer->INTCLEAR = 1;
    timer->RELOAD = (ms < TIMER_MS_MAX ? ms : TIMER_MS_MAX) * TICKS_PER_MS;
    timer->CTRL = TIMER_ENABLE | TIMER_INTERRUPT;
}

static void timer_stop(apb_timer_t *timer) {
    timer->CTRL = 0;
    timer->INTCLEAR = 1;
}

void clock_init(void) {
    // MicroPython's port starts a tick since version 1.27.
    SysTick->CTRL = 0;
    COUNTER_PRESCALE = CLOCK_HZ / 1000000 - 1;
    seconds_at_start = host_seconds() - clock_us() / 1000000;
    NVIC_SetPriority(TIMER0_IRQn, PRIORITY_DEVICES);
    NVIC_SetPriority(TIMER1_IRQn, PRIORITY_DEVICES);
    NVIC_EnableIRQ(TIMER0_IRQn);
    NVIC_EnableIRQ(TIMER1_IRQn);
}

// The counter wraps after 71 minutes; lwIP's timers come here more often than that.
uint64_t clock_us(void) {
    uint32_t state = board_irq_disable();
    uint32_t now = COUNTER;
    counter_high += now < counter_last;
    counter_last = now;
    uint64_t us = (uint64_t)counter_high << 32 | now;
    board_irq_enable(state);
    return us;
}

// The board has no clock that runs on without power: this one starts at the host's time.
uint64_t clock_seconds(void) {
    return seconds_at_start + clock_us() / 1000000;
}

// ---- The end of a sleep ----

void clock_alarm(int32_t ms) {
    if (ms >= 0) {
        timer_start(TIMER1, ms);
    } else {
        timer_stop(TIMER1);
    }
}

void clock_timer1(void) {
    timer_stop(TIMER1);
    board_event();
}

// ---- Soft timers ----

uint32_t soft_timer_get_ms(void) {
    return clock_us() / 1000;
}

void soft_timer_schedule_at_ms(uint32_t ticks_ms) {
    int32_t ms = soft_timer_ticks_diff(ticks_ms, soft_timer_get_ms());
    if (ms > 0) {
        timer_start(TIMER0, ms);
    } else {
        pendsv_schedule(PENDSV_SOFT_TIMER);
    }
}

void clock_timer0(void) {
    timer_stop(TIMER0);
    pendsv_schedule(PENDSV_SOFT_TIMER);
    board_event();
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
        mp_event_wait_ms(left < TIMER_MS_MAX ? left : TIMER_MS_MAX);
    }
    mp_handle_pending(true);
}
