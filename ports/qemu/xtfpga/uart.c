// The serial line: a 16550, whose registers are a word apart.

#include "board.h"

typedef struct {
    volatile uint32_t DATA, INT_ENABLE, FIFO, LINE, MODEM, STATE;
} uart_t;
#define UART ((uart_t *)0xfd050020)
#define INT_RX (1 << 0)
#define FIFO_ON (1 << 0)
#define STATE_RX (1 << 0)
#define STATE_TX_EMPTY (1 << 5)

void uart_start(void) {
    UART->FIFO = FIFO_ON;
}

int uart_next(void) {
    return UART->STATE & STATE_RX ? (int)(UART->DATA & 0xff) : -1;
}

void uart_listen(bool yes) {
    UART->INT_ENABLE = yes ? INT_RX : 0;
}

// What MicroPython's port has for boards that it knows.
void uart_tx_strn(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        while (!(UART->STATE & STATE_TX_EMPTY)) {
        }
        UART->DATA = (uint8_t)text[i];
    }
}
