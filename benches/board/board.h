// The emulated board: output, the end, and a count of instructions. The program behind it is `board_run`.
#ifndef BENCHES_BOARD_H
#define BENCHES_BOARD_H

#include <stdint.h>

// Called at reset; its return ends the emulation.
void board_run(void);

void board_say(const char *text);
void board_say_number(uint64_t number);
__attribute__((noreturn)) void board_end(void);
__attribute__((noreturn)) void board_fail(const char *what);

// Begins to count instructions; `board_stop` returns how many have passed, at most 10 million.
void board_start(void);
uint32_t board_stop(void);

#endif
