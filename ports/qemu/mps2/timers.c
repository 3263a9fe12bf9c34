// A counter of microseconds, one timer for the soft timers and one that ends sleeps.

#include "board.h"
#include "mps2/processor.h"
#include "py/mpconfig.h"

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

static uint32_t counter_high, counter_last;

// A 32-bit counter at 25 MHz has room for no more than CLOCK_MS_MAX. Who waits longer is woken for nothing.
static void timer_start(apb_timer_t *timer, uint32_t ms) {
    timer->CTRL = 0;
    timer->INTCLEAR = 1;
    timer->RELOAD = (ms < CLOCK_MS_MAX ? ms : CLOCK_MS_MAX) * TICKS_PER_MS;
    timer->CTRL = TIMER_ENABLE | TIMER_INTERRUPT;
}

static void timer_stop(apb_timer_t *timer) {
    timer->CTRL = 0;
    timer->INTCLEAR = 1;
}

void timers_init(void) {
    // MicroPython's port starts a tick since version 1.27.
    SysTick->CTRL = 0;
    COUNTER_PRESCALE = CLOCK_HZ / 1000000 - 1;
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

void clock_alarm(int32_t ms) {
    if (ms >= 0) {
        timer_start(TIMER1, ms);
    } else {
        timer_stop(TIMER1);
    }
}

void timers_interrupt1(void) {
    timer_stop(TIMER1);
    board_event();
}

void timers_soft_in(int32_t ms) {
    timer_start(TIMER0, ms);
}

void timers_interrupt0(void) {
    timer_stop(TIMER0);
    pendsv_schedule(PENDSV_SOFT_TIMER);
    board_event();
}
