// UART 0. MicroPython's port sends; what comes in is taken here.

#include "board.h"
#include "mps2/processor.h"

typedef struct {
    volatile uint32_t DATA, STATE, CTRL, INTCLEAR, BAUDDIV;
} apb_uart_t;
#define UART0 ((apb_uart_t *)0x40004000)
#define STATE_RX_FULL (1 << 1)
#define CTRL_TX_ENABLE (1 << 0)
#define CTRL_RX_ENABLE (1 << 1)
#define CTRL_RX_INTERRUPT (1 << 3)
#define INT_RX (1 << 1)

void uart_start(void) {
    uart_listen(true);
    // Reading tells the emulator to look for what it was given before.
    (void)UART0->DATA;
    NVIC_SetPriority(UART0_RX_IRQn, PRIORITY_DEVICES);
    NVIC_EnableIRQ(UART0_RX_IRQn);
}

int uart_next(void) {
    return UART0->STATE & STATE_RX_FULL ? (int)(UART0->DATA & 0xff) : -1;
}

void uart_listen(bool yes) {
    UART0->CTRL = CTRL_TX_ENABLE | CTRL_RX_ENABLE | (yes ? CTRL_RX_INTERRUPT : 0);
    if (yes && UART0->STATE & STATE_RX_FULL) {
        NVIC_SetPendingIRQ(UART0_RX_IRQn);
    }
}

void uart_interrupt(void) {
    UART0->INTCLEAR = INT_RX;
    console_rx();
}
