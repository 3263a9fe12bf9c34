// The MPS2 boards for CMSIS: what interrupts, and how urgent it is.
#ifndef ALIYUN_IOT_QEMU_PROCESSOR_H
#define ALIYUN_IOT_QEMU_PROCESSOR_H

#include <stdint.h>

typedef enum {
    NonMaskableInt_IRQn = -14,
    HardFault_IRQn = -13,
    MemoryManagement_IRQn = -12,
    BusFault_IRQn = -11,
    UsageFault_IRQn = -10,
    SVCall_IRQn = -5,
    DebugMonitor_IRQn = -4,
    PendSV_IRQn = -2,
    SysTick_IRQn = -1,
    UART0_RX_IRQn = 0,
    TIMER0_IRQn = 8,
    TIMER1_IRQn = 9,
    ETHERNET_IRQn = 13,
} IRQn_Type;

#define __NVIC_PRIO_BITS 3
#ifdef __ARM_FP
#define __FPU_PRESENT 1
#else
#define __FPU_PRESENT 0
#endif
#include BOARD_CORE

// PendSV yields to all others.
#define PRIORITY_DEVICES (2)
#define PRIORITY_PENDSV ((1 << __NVIC_PRIO_BITS) - 1)

// ---- Taken by vectors.c ----

// timers.c
void timers_interrupt0(void);
void timers_interrupt1(void);
// uart.c
void uart_interrupt(void);

#endif
