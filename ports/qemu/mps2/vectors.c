// The vector table, the way from reset to MicroPython's main(), the processor's sleep, and PendSV.

#include "board.h"
#include "mps2/processor.h"
#include "py/mpconfig.h"

// Of MicroPython's port.
void Reset_Handler(void);
void HardFault_Handler(void);
void MemManage_Handler(void);
void BusFault_Handler(void);
void UsageFault_Handler(void);
void SVC_Handler(void);
void DebugMon_Handler(void);
void SysTick_Handler(void);

// Of the 4 MB that data and stack share.
#define STACK_LIMIT (256 * 1024)

static uint64_t interrupt_stack[1024];

// The FPU has to be on before the first function that may keep something in its registers.
// Scripts run on the process stack, which is the one of Reset_Handler's from here on. Interrupts have the other one: lwIP and
// soft timers run in interrupts, and so take no space of a thread's stack.
__attribute__((naked, noreturn)) void board_reset(void) {
    __asm volatile (
        "mov r0, sp\n"
        "msr psp, r0\n"
        "mov r0, #2\n" // CONTROL.SPSEL
        "msr control, r0\n"
        "isb\n"
        );
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

// The watchdog's first warning.
static void nothing(void) {
}

static void unexpected(void) {
    for (;;) {
    }
}

__attribute__((used, section(".vectors"))) static const void *const vectors[16 + 32] = {
    interrupt_stack + sizeof(interrupt_stack) / sizeof(interrupt_stack[0]), board_reset, nothing, HardFault_Handler, MemManage_Handler, BusFault_Handler, UsageFault_Handler,
    [11] = SVC_Handler, DebugMon_Handler, NULL, pendsv_handler, SysTick_Handler,
    [16 ... 16 + 31] = unexpected,
    [16 + UART0_RX_IRQn] = uart_interrupt,
    [16 + TIMER0_IRQn] = timers_interrupt0,
    [16 + TIMER1_IRQn] = timers_interrupt1,
    [16 + ETHERNET_IRQn] = ethernet_interrupt,
};

void board_start(void) {
    NVIC_SetPriority(PendSV_IRQn, PRIORITY_PENDSV);
}

size_t board_stack_limit(void) {
    return STACK_LIMIT;
}

uint32_t board_irq_disable(void) {
    uint32_t state = __get_PRIMASK();
    __disable_irq();
    return state;
}

void board_irq_enable(uint32_t state) {
    __set_PRIMASK(state);
}

size_t board_heap_size(size_t most) {
    return most;
}

// Native code lies in the heap.
void board_reset_code(void) {
}

void board_sleep(void) {
    __DSB();
    __WFI();
}

// ---- PendSV: below all other interrupts and above the script ----

void pendsv_trigger(void) {
    SCB->ICSR = SCB_ICSR_PENDSVSET_Msk;
}

uint32_t pendsv_disable(void) {
    uint32_t state = __get_BASEPRI();
    __set_BASEPRI(PRIORITY_PENDSV << (8 - __NVIC_PRIO_BITS));
    return state;
}

void pendsv_enable(uint32_t state) {
    __set_BASEPRI(state);
}
