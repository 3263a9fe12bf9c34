// PendSV: where lwIP and the soft timers work, below all other interrupts and above the script.

#include "board.h"
#include "py/mpconfig.h"
#include "shared/runtime/softtimer.h"

static volatile bool scheduled[PENDSV_COUNT];

void pendsv_init(void) {
    NVIC_SetPriority(PendSV_IRQn, PRIORITY_PENDSV);
}

void pendsv_schedule(pendsv_slot_t slot) {
    scheduled[slot] = true;
    SCB->ICSR = SCB_ICSR_PENDSVSET_Msk;
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

uint32_t pendsv_disable(void) {
    uint32_t state = __get_BASEPRI();
    __set_BASEPRI(PRIORITY_PENDSV << (8 - __NVIC_PRIO_BITS));
    return state;
}

void pendsv_enable(uint32_t state) {
    __set_BASEPRI(state);
}
