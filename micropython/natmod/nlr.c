// Where an exception comes back to. `nlr_push` returns a second time when an exception is raised, and gcc can only be told so
// of a function with a name: each processor gets such a function here. It leaves no frame behind on the stack, because the
// firmware notes the return address and the stack pointer of whoever called it.
//
// Firmware notes them in one of two ways. Its own nlr_push saves the registers; or, if it was built with MICROPY_NLR_SETJMP,
// the table's nlr_push links the buffer only, and the C library's setjmp saves the registers. Then the table has setjmp.

#include "base/runtime.h"

#define TEXT_(number) #number
#define TEXT(number) TEXT_(number)

// Places in the firmware's table, in bytes; and of the registers in the buffer.
#define WORD_SIZE __SIZEOF_POINTER__
#define TABLE_NLR_PUSH 32
#define TABLE_SETJMP 49
#define BUFFER_REGISTERS 2
#define PLACE(index) "(" TEXT(index) " * " TEXT(WORD_SIZE) ")"
_Static_assert(offsetof(mp_fun_table_t, nlr_push) == TABLE_NLR_PUSH * WORD_SIZE, "where the table has nlr_push");
_Static_assert(offsetof(mp_fun_table_t, setjmp_) == TABLE_SETJMP * WORD_SIZE, "where the table has setjmp");
_Static_assert(offsetof(runtime_nlr_buf_t, registers) == BUFFER_REGISTERS * WORD_SIZE, "where the buffer has registers");

#define FUNCTION(name, type) \
    ".section .text." name ",\"ax\"\n" \
    ".balign 4\n" \
    ".globl " name "\n" \
    ".hidden " name "\n" \
    ".type " name ", " type "function\n"

#define END(name) \
    ".size " name ", . - " name "\n" \
    ".text\n"

#if defined(__x86_64__)

__asm__ (
    FUNCTION("runtime_nlr_push", "@")
    "runtime_nlr_push:\n"
    "mov mp_fun_table@GOTPCREL(%rip), %rax\n"
    "cmpq $0, " PLACE(TABLE_SETJMP) "(%rax)\n"
    "jne 1f\n"
    "jmp *" PLACE(TABLE_NLR_PUSH) "(%rax)\n"
    "1:\n"
    "push %rdi\n"
    "call *" PLACE(TABLE_NLR_PUSH) "(%rax)\n"
    "pop %rdi\n"
    "add $" PLACE(BUFFER_REGISTERS) ", %rdi\n"
    "mov mp_fun_table@GOTPCREL(%rip), %rax\n"
    "jmp *" PLACE(TABLE_SETJMP) "(%rax)\n"
    END("runtime_nlr_push"));

#elif defined(__thumb__)

// The instructions are those that every Cortex-M has.
__asm__ (
    ".syntax unified\n"
    FUNCTION("runtime_nlr_push", "%")
    ".thumb_func\n"
    "runtime_nlr_push:\n"
    "ldr r3, .Lgot\n"
    "ldr r2, .Ltable\n"
    ".Lhere:\n"
    "add r3, pc\n"
    "ldr r3, [r3, r2]\n"
    "movs r2, #" PLACE(TABLE_NLR_PUSH) "\n"
    "ldr r2, [r3, r2]\n"
    "adds r3, #" PLACE(TABLE_SETJMP) "\n"
    "ldr r3, [r3]\n"
    "cmp r3, #0\n"
    "bne 1f\n"
    "bx r2\n"
    "1:\n"
    "push {r0, r1, r3, lr}\n"
    "blx r2\n"
    "pop {r0, r1, r3}\n"
    "pop {r1}\n"
    "mov lr, r1\n"
    "adds r0, #" PLACE(BUFFER_REGISTERS) "\n"
    "bx r3\n"
    ".balign 4\n"
    ".Lgot: .word _GLOBAL_OFFSET_TABLE_ - (.Lhere + 4)\n"
    ".Ltable: .word mp_fun_table(GOT)\n"
    END("runtime_nlr_push"));

#elif defined(__riscv)

__asm__ (
    FUNCTION("runtime_nlr_push", "@")
    "runtime_nlr_push:\n"
    "la t0, mp_fun_table\n"
    "lw t1, " PLACE(TABLE_NLR_PUSH) "(t0)\n"
    "lw t2, " PLACE(TABLE_SETJMP) "(t0)\n"
    "bnez t2, 1f\n"
    "jr t1\n"
    "1:\n"
    "addi sp, sp, -16\n"
    "sw ra, 12(sp)\n"
    "sw a0, 8(sp)\n"
    "sw t2, 4(sp)\n"
    "jalr t1\n"
    "lw t2, 4(sp)\n"
    "lw a0, 8(sp)\n"
    "lw ra, 12(sp)\n"
    "addi sp, sp, 16\n"
    "addi a0, a0, " PLACE(BUFFER_REGISTERS) "\n"
    "jr t2\n"
    END("runtime_nlr_push"));

#elif defined(__xtensa__)

void *runtime_nlr_link(runtime_nlr_buf_t *buffer) {
    (mp_fun_table.nlr_push)((void *)buffer);
    return buffer->registers;
}

// Windowed functions begin with `entry`, which moves the registers on; what comes before it runs in the caller's. This one
// jumps to setjmp's `entry`. Until then a9 is free: it will be the stack pointer of the function that is called.
__asm__ (
    FUNCTION("runtime_setjmp", "@")
    ".literal .Ltable, mp_fun_table\n"
    "runtime_setjmp:\n"
    "l32r a9, .Ltable\n"
    "l32i a9, a9, " PLACE(TABLE_SETJMP) "\n"
    "jx a9\n"
    END("runtime_setjmp"));

#endif
