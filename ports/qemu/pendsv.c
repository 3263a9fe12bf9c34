// PendSV, as Arm calls it: where lwIP and the soft timers work, below all other interrupts and above the script.

#include "board.h"
#include "py/mpconfig.h"
#include "shared/runtime/softtimer.h"

static volatile bool scheduled[PENDSV_COUNT];

void pendsv_schedule(pendsv_slot_t slot) {
    scheduled[slot] = true;
    pendsv_trigger();
}

void pendsv_handler(void) {
    if (scheduled[PENDSV_SOFT_TIMER]) {
        scheduled[PENDSV_SOFT_TIMER] = false;
        soft_timer_handler();
    }
    if (scheduled[PENDSV_NETWORK]) {
        scheduled[PENDSV_NETWORK] = false;
        network_work();
    }
    board_event();
}
