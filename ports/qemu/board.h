// The parts of an emulated board, and who does what. What the processor and the board's devices do is in a folder for
// each family of boards: mps2/ (Arm) and xtfpga/ (Xtensa). The rest is common.
#ifndef ALIYUN_IOT_QEMU_BOARD_H
#define ALIYUN_IOT_QEMU_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- board.c: the start, and the sleep between two interrupts ----

// Something happened: board_wait() returns. Each interrupt says so.
void board_event(void);
// How many times so far.
uint32_t board_events(void);
// Sleeps unless there were more of them already; for no longer than so many milliseconds unless negative.
void board_sleep_until(uint32_t events, int32_t timeout_ms);

// ---- In the family's folder: the processor ----

// Once, before the devices start.
void board_start(void);
// What is left of the stack for scripts, in bytes.
size_t board_stack_limit(void);
// How much of so many bytes the heap gets.
size_t board_heap_size(size_t most);
// A soft reset: memory for native code is free again.
void board_reset_code(void);
// Sleeps until an interrupt is due. Interrupts are off before and after.
void board_sleep(void);

// ---- clock.c, and the family's timers ----

void clock_init(void);
uint64_t clock_us(void);
// Seconds since 1970.
uint64_t clock_seconds(void);
// The sleep that begins now ends after so long; never if negative.
void clock_alarm(int32_t ms);
// Longer waits are made of several.
#define CLOCK_MS_MAX (100 * 1000)
// In the family's folder: starts the hardware; soft timers are due after so long.
void timers_init(void);
void timers_soft_in(int32_t ms);

// ---- pendsv.c: what is to be done as soon as no other interrupt is ----

typedef enum {
    PENDSV_SOFT_TIMER,
    PENDSV_NETWORK,
    PENDSV_COUNT,
} pendsv_slot_t;
void pendsv_schedule(pendsv_slot_t slot);
void pendsv_handler(void);
// In the family's folder: has pendsv_handler() called.
void pendsv_trigger(void);

// ---- console.c, and the family's UART ----

void console_init(void);
// A byte has come.
void console_rx(void);
// In the family's folder. The UART's next byte, or -1.
int uart_next(void);
// Whether bytes interrupt.
void uart_listen(bool yes);
void uart_start(void);

// ---- host.c, in the family's folder: what the host of the emulator lends by semihosting ----

uint32_t host_seconds(void);
// Bytes from the host's generator; false if it has none.
bool host_entropy(uint8_t *bytes, size_t len);
// ---- random.c ----
uint32_t host_random(void);

// ---- ethernet.c, in the family's folder: the network controller ----

#define ETHERNET_FRAME_MAX (1518)
#define ETHERNET_CHECKSUM (4)

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

// ---- heap.c: the collector, and the end of a soft reset's timers ----

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
