// A thread's stack, and the change from one to another. Interrupts have a stack of their own (vectors.c), so all that a thread
// has to keep is what a function call has to.

#include "board.h"

#if BOARD_THREADS

#include "mps2/processor.h"
#include "threads.h"

#if __FPU_PRESENT
#define FPU_WORDS (16)
#define PUSH_FPU "vpush {s16-s31}\n"
#define POP_FPU "vpop {s16-s31}\n"
#else
#define FPU_WORDS (0)
#define PUSH_FPU
#define POP_FPU
#endif
// r3 keeps the stack's alignment.
#define CORE_WORDS (9)

void *threads_first_sp(uint32_t *top, void (*begin)(void)) {
    uint32_t *sp = (uint32_t *)((uintptr_t)top & ~(uintptr_t)7);
    *--sp = (uintptr_t)begin;
    for (int i = 0; i < CORE_WORDS + FPU_WORDS; i++) {
        *--sp = 0;
    }
    return sp;
}

__attribute__((naked)) void threads_switch(void **store, void *sp) {
    __asm volatile (
        "push {r3-r11, lr}\n"
        PUSH_FPU
        "mov r2, sp\n"
        "str r2, [r0]\n"
        "mov sp, r1\n"
        POP_FPU
        "pop {r3-r11, pc}\n"
        );
}

bool board_interrupts(void) {
    return __get_IPSR() != 0;
}

#endif
