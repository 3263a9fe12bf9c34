// The REPL's line, UART 0: what comes in is taken by interrupt, so that waiting for it is a sleep and Ctrl-C is noticed
// at any time. The rest of MicroPython's port, which asks in a loop, asks here: see port.mk.

#include "board.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/interrupt_char.h"

typedef struct {
    volatile uint32_t DATA, STATE, CTRL, INTCLEAR, BAUDDIV;
} apb_uart_t;
#define UART0 ((apb_uart_t *)0x40004000)
#define STATE_RX_FULL (1 << 1)
#define CTRL_TX_ENABLE (1 << 0)
#define CTRL_RX_ENABLE (1 << 1)
#define CTRL_RX_INTERRUPT (1 << 3)
#define INT_RX (1 << 1)

// One byte stays free.
#define QUEUE_SIZE (1024)
static volatile uint8_t queue[QUEUE_SIZE];
static volatile uint32_t queue_in, queue_out;

static uint32_t after(uint32_t position) {
    return (position + 1) % QUEUE_SIZE;
}

void console_init(void) {
    UART0->CTRL = CTRL_TX_ENABLE | CTRL_RX_ENABLE | CTRL_RX_INTERRUPT;
    // Reading tells the emulator to look for what it was given before.
    (void)UART0->DATA;
    NVIC_SetPriority(UART0_RX_IRQn, PRIORITY_DEVICES);
    NVIC_EnableIRQ(UART0_RX_IRQn);
}

// What does not fit stays in the UART, and the host waits.
void console_rx(void) {
    UART0->INTCLEAR = INT_RX;
    while (UART0->STATE & STATE_RX_FULL) {
        if (after(queue_in) == queue_out) {
            UART0->CTRL = CTRL_TX_ENABLE | CTRL_RX_ENABLE;
            break;
        }
        int byte = UART0->DATA & 0xff;
        if (byte == mp_interrupt_char) {
            mp_sched_keyboard_interrupt();
        } else {
            queue[queue_in] = byte;
            queue_in = after(queue_in);
        }
    }
    board_event();
}

// The next byte, for a caller that waits for it: meanwhile what is scheduled is done, and else nothing.
int uart_rx_chr(void) {
    while (queue_in == queue_out) {
        mp_event_wait_indefinite();
    }
    int byte = queue[queue_out];
    queue_out = after(queue_out);
    if (!(UART0->CTRL & CTRL_RX_INTERRUPT)) {
        UART0->CTRL = CTRL_TX_ENABLE | CTRL_RX_ENABLE | CTRL_RX_INTERRUPT;
        console_rx();
    }
    return byte;
}

// Whether there is one; MicroPython's port asks since version 1.27.
int uart_rx_any(void) {
    return queue_in != queue_out;
}
