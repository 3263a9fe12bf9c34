// The parts of the emulated board, and who does what.
#ifndef ALIYUN_IOT_QEMU_BOARD_H
#define ALIYUN_IOT_QEMU_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- The processor, for CMSIS ----

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

// ---- vectors.c ----

// Something happened: board_wait() returns. Each interrupt says so.
void board_event(void);

// ---- clock.c ----

void clock_init(void);
uint64_t clock_us(void);
// Seconds since 1970.
uint64_t clock_seconds(void);
// The sleep that begins now ends after so long; never if negative.
void clock_alarm(int32_t ms);
void clock_timer0(void);
void clock_timer1(void);

// ---- pendsv.c: what is to be done as soon as no other interrupt is ----

typedef enum {
    PENDSV_SOFT_TIMER,
    PENDSV_NETWORK,
    PENDSV_COUNT,
} pendsv_slot_t;
void pendsv_init(void);
void pendsv_schedule(pendsv_slot_t slot);
void pendsv_handler(void);

// ---- console.c ----

void console_init(void);
void console_rx(void);

// ---- host.c: what the host of the emulator lends by semihosting ----

uint32_t host_seconds(void);
// Bytes from the host's generator; false if it has none.
bool host_entropy(uint8_t *bytes, size_t len);
uint32_t host_random(void);

// ---- ethernet.c: the LAN9118 ----

struct pbuf;
struct netif;
// Starts the controller, or returns false if there is none.
bool ethernet_start(uint8_t mac[6]);
bool ethernet_send(struct pbuf *frame);
// The next frame that has arrived, or NULL.
struct pbuf *ethernet_receive(void);
// All frames are taken: the next one interrupts.
void ethernet_listen(void);
void ethernet_interrupt(void);

// ---- heap.c: the end of a soft reset's timers ----

void board_deinit(void);

// ---- network.c: lwIP ----

// Brings the interface up, or returns false if there is no controller.
bool network_start(void);
void network_stop(void);
struct netif *network_netif(void);
void network_work(void);

// ---- modos.inc: the environment ----

const char *environment_get(const char *name);

#endif
