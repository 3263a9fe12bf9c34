// The vector table, the way from reset to MicroPython's main(), and the sleep between two interrupts.

#include "board.h"
#include "py/runtime.h"
#include "py/stackctrl.h"
#include "extmod/modnetwork.h"

// Of MicroPython's port.
extern uint32_t _estack;
void Reset_Handler(void);
void NMI_Handler(void);
void HardFault_Handler(void);
void MemManage_Handler(void);
void BusFault_Handler(void);
void UsageFault_Handler(void);
void SVC_Handler(void);
void DebugMon_Handler(void);
void SysTick_Handler(void);

// Of the 4 MB that data and stack share.
#define STACK_LIMIT (256 * 1024)

static volatile bool event;

void board_event(void) {
    event = true;
}

// The FPU has to be on before the first function that may keep something in its registers.
__attribute__((naked, noreturn)) void board_reset(void) {
    #if __FPU_PRESENT
    __asm volatile (
        "ldr r0, =0xE000ED88\n" // CPACR
        "ldr r1, [r0]\n"
        "orr r1, r1, #0xf00000\n"
        "str r1, [r0]\n"
        "dsb\n"
        "isb\n"
        );
    #endif
    __asm volatile ("b Reset_Handler");
}

static void unexpected(void) {
    for (;;) {
    }
}

__attribute__((used, section(".vectors"))) static const void *const vectors[16 + 32] = {
    &_estack, board_reset, NMI_Handler, HardFault_Handler, MemManage_Handler, BusFault_Handler, UsageFault_Handler,
    [11] = SVC_Handler, DebugMon_Handler, NULL, pendsv_handler, SysTick_Handler,
    [16 ... 16 + 31] = unexpected,
    [16 + UART0_RX_IRQn] = console_rx,
    [16 + TIMER0_IRQn] = clock_timer0,
    [16 + TIMER1_IRQn] = clock_timer1,
    [16 + ETHERNET_IRQn] = ethernet_interrupt,
};

// At the start, and again at each soft reset.
void board_init(void) {
    static bool started;
    mp_stack_set_limit(STACK_LIMIT);
    mod_network_init();
    if (!started) {
        started = true;
        pendsv_init();
        clock_init();
        console_init();
    }
}

uint32_t board_irq_disable(void) {
    uint32_t state = __get_PRIMASK();
    __disable_irq();
    return state;
}

void board_irq_enable(uint32_t state) {
    __set_PRIMASK(state);
}

// Interrupts that come before the sleep are not lost: they have left an event. One that comes in the sleep ends it even
// though it is taken only afterwards.
void board_wait(int32_t timeout_ms) {
    uint32_t state = board_irq_disable();
    if (!event && timeout_ms != 0) {
        clock_alarm(timeout_ms);
        __DSB();
        __WFI();
    }
    board_irq_enable(state);
    // Whoever waits looks around now, after all that was before.
    event = false;
}
