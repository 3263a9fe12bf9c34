// The start of a board, and the sleep between two interrupts.

#include "board.h"
#include "py/runtime.h"
#include "py/stackctrl.h"
#include "extmod/modnetwork.h"

static volatile bool event;

void board_event(void) {
    event = true;
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
void board_wait(int32_t timeout_ms) {
    uint32_t state = board_irq_disable();
    if (!event && timeout_ms != 0) {
        clock_alarm(timeout_ms);
        board_sleep();
    }
    board_irq_enable(state);
    // Whoever waits looks around now, after all that was before.
    event = false;
}
