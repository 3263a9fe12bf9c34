// mps2-an385 under qemu with `-icount shift=6`: each instruction takes 64 ns. SysTick counts 25 MHz, so a tick is 40 ns and
// no instruction is lost between two ticks.
#include "board.h"

#include <stddef.h>

#define TICKS_MAX (0xffffff)
#define INSTRUCTIONS(ticks) ((ticks) * 5 / 8)

extern uint32_t stack_top[];
void reset(void);

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = { stack_top, (void *)reset };

static volatile uint32_t *const systick = (volatile uint32_t *)0xe000e010; // control, reload, value
// What an empty region counts.
static uint32_t empty;

static void semihost(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_say(const char *text) {
    semihost(0x04, text); // SYS_WRITE0
}

void board_say_number(uint64_t number) {
    char digits[24];
    char *at = digits + sizeof digits - 1;
    *at = 0;
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    board_say(at);
}

void board_end(void) {
    for (;;) {
        semihost(0x18, (void *)0x20026); // SYS_EXIT, ADP_Stopped_ApplicationExit
    }
}

void board_fail(const char *what) {
    board_say("failed: ");
    board_say(what);
    board_say("\n");
    board_end();
}

static uint32_t ticks(void) {
    // The counter stays 0 until its first tick.
    uint32_t value = systick[2];
    return value > 0 ? TICKS_MAX - value : 0;
}

void board_start(void) {
    systick[2] = 0;
}

uint32_t board_stop(void) {
    uint32_t passed = INSTRUCTIONS(ticks());
    if (systick[0] & 1 << 16) {
        board_fail("too many instructions for one count");
    }
    return passed - empty;
}

void reset(void) {
    systick[1] = TICKS_MAX;
    systick[0] = 5; // enabled, the processor's clock, no interrupt
    board_start();
    empty = board_stop();
    board_run();
    board_end();
}
