// The core's cycle counter, and its one comparator for both soft timers and the end of sleeps.

#include "board.h"
#include "xtfpga/processor.h"
#include "py/mpconfig.h"

// The FPGA says how fast the core is.
#define CLOCK_HZ (*(volatile uint32_t *)0xfd020004)

static uint32_t per_us;
static uint64_t counted;
static uint32_t counter_last;
// In cycles since the start; 0 if nothing waits.
static uint64_t soft_due, alarm_due;

// Interrupts are off here and below.
static uint64_t cycles(void) {
    uint32_t now = counter_read();
    counted += now - counter_last;
    counter_last = now;
    return counted;
}

static uint64_t after_ms(int32_t ms) {
    return cycles() + (uint64_t)ms * 1000 * per_us;
}

// The counter wraps a little later than CLOCK_MS_MAX (at 40 MHz), and has to be read before.
static void compare_next(void) {
    uint64_t now = cycles();
    uint64_t due = now + (uint64_t)CLOCK_MS_MAX * 1000 * per_us;
    if (soft_due != 0 && soft_due < due) {
        due = soft_due;
    }
    if (alarm_due != 0 && alarm_due < due) {
        due = alarm_due;
    }
    // A moment in the past would be met only after the counter has wrapped.
    uint64_t soonest = now + 20 * per_us;
    counter_compare(counter_last + (uint32_t)((due < soonest ? soonest : due) - now));
}

void timers_init(void) {
    uint32_t state = board_irq_disable();
    per_us = CLOCK_HZ / 1000000;
    counter_last = counter_read();
    compare_next();
    board_irq_enable(state);
}

uint64_t clock_us(void) {
    uint32_t state = board_irq_disable();
    uint64_t now = cycles();
    board_irq_enable(state);
    return now / per_us;
}

void clock_alarm(int32_t ms) {
    uint32_t state = board_irq_disable();
    alarm_due = ms >= 0 ? after_ms(ms) : 0;
    compare_next();
    board_irq_enable(state);
}

void timers_soft_in(int32_t ms) {
    uint32_t state = board_irq_disable();
    soft_due = after_ms(ms);
    compare_next();
    board_irq_enable(state);
}

void timers_interrupt(void) {
    uint64_t now = cycles();
    if (soft_due != 0 && now >= soft_due) {
        soft_due = 0;
        pendsv_schedule(PENDSV_SOFT_TIMER);
    }
    if (alarm_due != 0 && now >= alarm_due) {
        alarm_due = 0;
    }
    compare_next();
    board_event();
}
