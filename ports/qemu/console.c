// The REPL's line: what comes in is taken by interrupt, so that waiting for it is a sleep and Ctrl-C is noticed at any
// time. The rest of MicroPython's port, which asks in a loop, asks here: see port.mk.

#include "board.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/interrupt_char.h"

// One byte stays free.
#define QUEUE_SIZE (1024)
static volatile uint8_t queue[QUEUE_SIZE];
static volatile uint32_t queue_in, queue_out;
static volatile bool full;

static uint32_t after(uint32_t position) {
    return (position + 1) % QUEUE_SIZE;
}

void console_init(void) {
    uart_start();
    uart_listen(true);
}

// What does not fit stays in the UART, and the host waits.
void console_rx(void) {
    for (;;) {
        if (after(queue_in) == queue_out) {
            full = true;
            uart_listen(false);
            break;
        }
        int byte = uart_next();
        if (byte < 0) {
            break;
        }
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
    if (full) {
        full = false;
        uart_listen(true);
    }
    return byte;
}

// Whether there is one; MicroPython's port asks since version 1.27.
int uart_rx_any(void) {
    return queue_in != queue_out;
}
