// The start in C, the interrupts, and what the collector asks of the processor.

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "xtfpga/processor.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/gchelper.h"

uint32_t main_stack[MAIN_STACK_SIZE / 4] __attribute__((aligned(16)));
uint32_t interrupt_stack[INTERRUPT_STACK_SIZE / 4] __attribute__((aligned(16)));
// See memory.h.
uint32_t exception_registers[17];

int main(int argc, char **argv);

void processor_start(void) {
    code_access(15);
    exit(main(0, NULL));
}

void board_start(void) {
    interrupts_enable(INTERRUPT_UART | INTERRUPT_ETHERNET | INTERRUPT_TIMER | INTERRUPT_SOFTWARE);
}

size_t board_stack_limit(void) {
    return MAIN_STACK_SIZE - 1024;
}

size_t board_heap_size(size_t most) {
    size_t size = host_number("heap", most);
    return size < most ? size : most;
}

// All have the same level, so none interrupts another; what is due meanwhile comes here right afterwards.
void processor_interrupt(void) {
    uint32_t pending = interrupts_pending();
    if (pending & INTERRUPT_UART) {
        console_rx();
    }
    if (pending & INTERRUPT_TIMER) {
        timers_interrupt();
    }
    if (pending & INTERRUPT_ETHERNET) {
        ethernet_interrupt();
    }
    if (pending & INTERRUPT_SOFTWARE) {
        interrupt_clear(INTERRUPT_SOFTWARE);
        pendsv_handler();
    }
}

void pendsv_trigger(void) {
    interrupt_set(INTERRUPT_SOFTWARE);
}

uint32_t pendsv_disable(void) {
    return board_irq_disable();
}

void pendsv_enable(uint32_t state) {
    board_irq_enable(state);
}

static void say(const char *text) {
    simcall(SIMCALL_WRITE, 2, (uintptr_t)text, strlen(text));
}

static void say_number(uint32_t number) {
    char digits[] = " 0x00000000";
    for (int i = 10; i > 2; i--, number >>= 4) {
        digits[i] = "0123456789abcdef"[number & 15];
    }
    say(digits);
}

// An exception that nothing handles.
void processor_stopped(uint32_t cause, uint32_t at, uint32_t address) {
    bool code = address - CODE_BASE < CODE_SIZE;
    say(code && cause == 28 ? "the board read less than a word of native code: instruction, address"
        : code && cause == 29 ? "the board wrote to native code: instruction, address"
        : "the board met an exception: instruction, address, cause");
    say_number(at);
    say_number(address);
    if (!code) {
        say_number(cause);
    }
    say("\n");
    exit(1);
}

void exit(int code) {
    for (;;) {
        simcall(SIMCALL_EXIT, code, 0, 0);
    }
}

void abort(void) {
    say("the board called abort()\n");
    exit(1);
}

// The registers of all callers are on the stack afterwards, the last ones just below the stack pointer.
void gc_helper_collect_regs_and_stack(void) {
    windows_spill();
    uintptr_t from = (uintptr_t)__builtin_frame_address(0);
    from = (from - 64) & ~(uintptr_t)(sizeof(void *) - 1);
    uintptr_t to = (uintptr_t)main_stack + MAIN_STACK_SIZE;
    gc_collect_root((void **)from, (to - from) / sizeof(void *));
}
