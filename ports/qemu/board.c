// The start of a board, and the sleep between two interrupts.

#include "board.h"
#include "py/runtime.h"
#include "py/stackctrl.h"
#include "extmod/modnetwork.h"

static volatile uint32_t events;

// An interrupt may come in the middle of another one's. Then both count as one, and there was one.
void board_event(void) {
    events++;
}

uint32_t board_events(void) {
    return events;
}

// At the start, and again at each soft reset.
void board_init(void) {
    static bool started;
    mp_stack_set_limit(board_stack_limit());
    mod_network_init();
    if (!started) {
        started = true;
        board_start();
        clock_init();
        console_init();
    }
}

// Interrupts that come before the sleep are not lost: they have left an event. One that comes in the sleep ends it even
// though it is taken only afterwards.
void board_sleep_until(uint32_t before, int32_t timeout_ms) {
    uint32_t state = board_irq_disable();
    if (events == before && timeout_ms != 0) {
        clock_alarm(timeout_ms);
        board_sleep();
    }
    board_irq_enable(state);
}

// With threads it is theirs.
#if !BOARD_THREADS
void board_wait(int32_t timeout_ms) {
    static uint32_t seen;
    board_sleep_until(seen, timeout_ms);
    // Whoever waits looks around now, after all that was before.
    seen = events;
}
#endif
