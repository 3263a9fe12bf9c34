// The Xtensa processor with register windows: its vectors, the way from reset to MicroPython's main(), interrupts, and what
// an ESP32 does in hardware and qemu's cores do not. Offsets of vectors and exception causes are those of de212 and dc233c.

#include "memory.h"

#define PS_WOE 0x40000
// With an interrupt level of 1, without and with CALLINC for call4: the high halfwords.
#define PS_WOE_HIGH 4
#define PS_WOE_CALLINC1_HIGH 5
#define CAUSE_INTERRUPT 4
#define CAUSE_ALLOCA 5
#define CAUSE_LOAD_PROHIBITED 28
#define SIMCALL .byte 0x00, 0x51, 0x00

// ---- Register windows: the words of a frame that has to leave the registers, or comes back ----

    .section .vectors, "ax"
    .balign 1024
    .global vectors
vectors:
    s32e a0, a5, -16
    s32e a1, a5, -12
    s32e a2, a5, -8
    s32e a3, a5, -4
    rfwo

    .org 0x40
vector_underflow4:
    l32e a0, a5, -16
    l32e a1, a5, -12
    l32e a2, a5, -8
    l32e a3, a5, -4
    rfwu

    .org 0x80
    s32e a0, a9, -16
    l32e a0, a1, -12
    s32e a1, a9, -12
    s32e a2, a9, -8
    s32e a3, a9, -4
    s32e a4, a0, -32
    s32e a5, a0, -28
    s32e a6, a0, -24
    s32e a7, a0, -20
    rfwo

    .org 0xc0
vector_underflow8:
    l32e a1, a9, -12
    l32e a0, a9, -16
    l32e a7, a1, -12
    l32e a2, a9, -8
    l32e a4, a7, -32
    l32e a3, a9, -4
    l32e a5, a7, -28
    l32e a6, a7, -24
    l32e a7, a7, -20
    rfwu

    .org 0x100
    s32e a0, a13, -16
    l32e a0, a1, -12
    s32e a1, a13, -12
    s32e a2, a13, -8
    s32e a3, a13, -4
    s32e a4, a0, -48
    s32e a5, a0, -44
    s32e a6, a0, -40
    s32e a7, a0, -36
    s32e a8, a0, -32
    s32e a9, a0, -28
    s32e a10, a0, -24
    s32e a11, a0, -20
    rfwo

    .org 0x140
vector_underflow12:
    l32e a1, a13, -12
    l32e a0, a13, -16
    l32e a11, a1, -12
    l32e a2, a13, -8
    l32e a4, a11, -48
    l32e a3, a13, -4
    l32e a5, a11, -44
    l32e a6, a11, -40
    l32e a7, a11, -36
    l32e a8, a11, -32
    l32e a9, a11, -28
    l32e a10, a11, -24
    l32e a11, a11, -20
    rfwu

    .org 0x300
    j exception
    .org 0x340
    j exception
    .org 0x3c0
    j stopped

// ---- Exceptions: here, since they jump to the above. MISC0 and MISC1 stand for literals, which would lie before it. ----

    .macro save
    s32i a2, a0, 8
    s32i a3, a0, 12
    s32i a4, a0, 16
    s32i a5, a0, 20
    s32i a6, a0, 24
    s32i a7, a0, 28
    s32i a8, a0, 32
    s32i a9, a0, 36
    s32i a10, a0, 40
    s32i a11, a0, 44
    s32i a12, a0, 48
    s32i a13, a0, 52
    s32i a14, a0, 56
    s32i a15, a0, 60
    rsr a2, excsave1
    s32i a2, a0, 0
    .endm

    // The offset of an address in the memory for code, and the size of that memory.
    .macro code_at offset, address, size
    movi \offset, CODE_BASE >> 24
    slli \offset, \offset, 24
    sub \offset, \address, \offset
    movi \size, CODE_SIZE >> 10
    slli \size, \size, 10
    .endm

    .macro restore
    l32i a2, a0, 8
    l32i a3, a0, 12
    l32i a4, a0, 16
    l32i a5, a0, 20
    l32i a6, a0, 24
    l32i a7, a0, 28
    l32i a8, a0, 32
    l32i a9, a0, 36
    l32i a10, a0, 40
    l32i a11, a0, 44
    l32i a12, a0, 48
    l32i a13, a0, 52
    l32i a14, a0, 56
    l32i a15, a0, 60
    l32i a0, a0, 0
    .endm

    .org 0x400
exception:
    wsr a0, excsave1
    rsr a0, exccause
    beqi a0, CAUSE_INTERRUPT, .Linterrupt
    rsr a0, misc0
    s32i a1, a0, 4
    save
    rsr a2, exccause
    beqi a2, CAUSE_ALLOCA, .Lalloca
    // a3: where the instruction can be read; a4, a5, a6: its bytes.
    rsr a3, epc1
    code_at a4, a3, a5
    bgeu a4, a5, .Lreadable
    rsr a3, misc1
    add a3, a3, a4
.Lreadable:
    l8ui a4, a3, 0
    l8ui a5, a3, 1
    l8ui a6, a3, 2
    addi a3, a2, -CAUSE_LOAD_PROHIBITED
    beqz a3, .Lload
    beqz a2, .Lillegal
    j stopped

    // A word of native code: l32r, l32i or l32i.n. a7: the instruction's length.
.Lload:
    movi a7, 3
    extui a2, a4, 0, 4
    beqi a2, 1, .Lword
    extui a3, a5, 4, 4
    bnei a2, 2, .Lshort
    beqi a3, 2, .Lword
.Lstopped:
    j stopped
.Lshort:
    movi a7, 2
    bnei a2, 8, .Lstopped
.Lword:
    rsr a3, excvaddr
    code_at a2, a3, a5
    bgeu a2, a5, .Lstopped
    extui a3, a2, 0, 2
    bnez a3, .Lstopped
    rsr a3, misc1
    add a3, a3, a2
    l32i a15, a3, 0
    extui a5, a4, 4, 4
    j .Ldone

    // MULUH and MULSH, which an ESP32 has: the high word of a product, from four products of half words.
.Lillegal:
    extui a3, a4, 0, 4
    bnez a3, .Lstopped
    movi a3, 0xa2
    beq a6, a3, .Lmultiply
    movi a3, 0xb2
    bne a6, a3, .Lstopped
.Lmultiply:
    // a2, a4: the factors; a5: the register of the product.
    extui a2, a5, 0, 4
    extui a4, a4, 4, 4
    extui a5, a5, 4, 4
    addx4 a2, a2, a0
    l32i a2, a2, 0
    addx4 a4, a4, a0
    l32i a4, a4, 0
    extui a8, a2, 0, 16
    extui a9, a2, 16, 16
    extui a10, a4, 0, 16
    extui a11, a4, 16, 16
    mull a12, a8, a10
    mull a13, a9, a10
    mull a14, a8, a11
    mull a15, a9, a11
    extui a12, a12, 16, 16
    extui a8, a13, 0, 16
    add a12, a12, a8
    extui a8, a14, 0, 16
    add a12, a12, a8
    extui a12, a12, 16, 16
    extui a13, a13, 16, 16
    extui a14, a14, 16, 16
    add a15, a15, a12
    add a15, a15, a13
    add a15, a15, a14
    movi a3, 0xa2
    beq a6, a3, .Lunsigned
    bgez a2, .Lpositive
    sub a15, a15, a4
.Lpositive:
    bgez a4, .Lunsigned
    sub a15, a15, a2
.Lunsigned:
    movi a7, 3

    // a15 goes to register a5; then the program goes on behind the instruction, which is a7 bytes long.
.Ldone:
    addx4 a5, a5, a0
    s32i a15, a5, 0
    rsr a2, epc1
    add a2, a2, a7
    wsr a2, epc1
    l32i a1, a0, 4
    restore
    rfe

    // MOVSP while the caller's frame is on the stack: the frame comes back as at a return, and then the same again.
.Lalloca:
    rsr a2, ps
    rsr a3, windowbase
    extui a4, a2, 8, 4
    xor a3, a3, a4
    slli a3, a3, 8
    xor a2, a2, a3
    wsr a2, ps
    rsync
    restore
    rotw -1
    bbci a4, 31, .Lcaller4
    rotw -1
    bbci a8, 30, .Lcaller8
    rotw -1
    j vector_underflow12
.Lcaller8:
    j vector_underflow8
.Lcaller4:
    j vector_underflow4

    // An interrupt. The registers go below the stack of whoever is interrupted, past the two areas of 16 bytes that frames in
    // other windows may still be written to. call4, since its frame needs no such area of the interrupted function.
.Linterrupt:
    addi a0, a1, -128
    save
    rsr a2, epc1
    s32i a2, a0, FRAME_EPC
    rsr a2, ps
    s32i a2, a0, FRAME_PS
    rsr a2, sar
    s32i a2, a0, FRAME_SAR
    movi a2, PS_WOE_CALLINC1_HIGH
    slli a2, a2, 16
    addi a2, a2, 1
    wsr a2, ps
    rsync
    call4 interrupted
    l32i a2, a0, FRAME_PS
    wsr a2, ps
    rsync
    l32i a2, a0, FRAME_EPC
    wsr a2, epc1
    l32i a2, a0, FRAME_SAR
    wsr a2, sar
    restore
    rfe
    // The end: C says of what.
stopped:
    movi a2, 0
    wsr a2, windowbase
    rsync
    movi a2, 1
    wsr a2, windowstart
    rsync
    rsr a0, misc0
    l32i a1, a0, REGISTERS_STACK
    movi a0, 0
    rsr a10, exccause
    rsr a11, epc1
    rsr a12, excvaddr
    movi a2, PS_WOE_HIGH
    slli a2, a2, 16
    addi a2, a2, 1
    wsr a2, ps
    rsync
    call8 processor_stopped

    .section .text.interrupted, "ax"
    .balign 4
    .literal .Linterrupt_stack, interrupt_stack + INTERRUPT_STACK_SIZE
    .global interrupted
    .type interrupted, @function
interrupted:
    entry a1, 160
    l32r a2, .Linterrupt_stack
    or a1, a2, a2
    call8 processor_interrupt
    retw
    .size interrupted, . - interrupted

// ---- Reset ----

    .section .text.start, "ax"
    .balign 4
    .literal .Lvectors, vectors
    .literal .Lregisters, exception_registers
    .literal .Lcode_readable, code_readable
    .literal .Linterrupt_stack_end, interrupt_stack + INTERRUPT_STACK_SIZE
    .literal .Lbss, _bss_start
    .literal .Lbss_end, _bss_end
    .literal .Lmain_stack, main_stack
    .literal .Lmain_stack_end, main_stack + MAIN_STACK_SIZE
    .literal .Lpaint, STACK_PAINT
    .literal .Lps_main, PS_WOE
    .global _start
    .type _start, @function
_start:
    movi a0, 0
    wsr a0, intenable
    wsr a0, windowbase
    rsync
    movi a0, 1
    wsr a0, windowstart
    rsync
    l32r a2, .Lvectors
    wsr a2, vecbase
    l32r a2, .Lregisters
    wsr a2, misc0
    l32r a3, .Lcode_readable
    wsr a3, misc1
    movi a0, 0
    l32r a2, .Lbss
    l32r a3, .Lbss_end
.Lclear:
    s32i a0, a2, 0
    addi a2, a2, 4
    bltu a2, a3, .Lclear
    rsr a2, misc0
    l32r a3, .Linterrupt_stack_end
    s32i a3, a2, REGISTERS_STACK
    l32r a2, .Lmain_stack
    l32r a3, .Lmain_stack_end
    l32r a4, .Lpaint
.Lpaint_next:
    s32i a4, a2, 0
    addi a2, a2, 4
    bltu a2, a3, .Lpaint_next
    // There is no caller: its stack pointer, which the vectors look for below this function's, is the stack's end.
    addi a4, a3, -80
    s32i a3, a4, 4
    addi a1, a4, 16
    l32r a2, .Lps_main
    wsr a2, ps
    rsync
    call8 processor_start
    ill
    .size _start, . - _start

// ---- For C ----

    .section .text.simcall, "ax"
    .balign 4
    .global simcall
    .type simcall, @function
simcall:
    entry a1, 32
    SIMCALL
    retw
    .size simcall, . - simcall

    .section .text.code_access, "ax"
    .balign 4
    .literal .Ldata_region, CODE_BASE | 6
    .literal .Ldata_attribute, CODE_BASE
    .global code_access
    .type code_access, @function
code_access:                // (attribute) for data in the region of CODE_BASE; way 6 if the core has several
    entry a1, 32
    l32r a3, .Ldata_region
    l32r a4, .Ldata_attribute
    or a4, a4, a2
    wdtlb a4, a3
    dsync
    isync
    retw
    .size code_access, . - code_access

    .section .text.interrupts, "ax"
    .balign 4
    .global board_irq_disable
    .type board_irq_disable, @function
board_irq_disable:          // -> what board_irq_enable() takes
    entry a1, 32
    rsil a2, 1
    retw
    .size board_irq_disable, . - board_irq_disable
    .balign 4
    .global board_irq_enable
    .type board_irq_enable, @function
board_irq_enable:
    entry a1, 32
    rsr a3, ps
    // Interrupts' level of before; the rest is this function's.
    extui a2, a2, 0, 4
    srli a3, a3, 4
    slli a3, a3, 4
    or a2, a2, a3
    wsr a2, ps
    rsync
    retw
    .size board_irq_enable, . - board_irq_enable
    .balign 4
    .global board_sleep
    .type board_sleep, @function
board_sleep:
    entry a1, 32
    waiti 0
    rsil a2, 1
    retw
    .size board_sleep, . - board_sleep
    .balign 4
    .global interrupts_enable
    .type interrupts_enable, @function
interrupts_enable:          // (mask)
    entry a1, 32
    wsr a2, intenable
    rsync
    retw
    .size interrupts_enable, . - interrupts_enable
    .balign 4
    .global interrupts_pending
    .type interrupts_pending, @function
interrupts_pending:
    entry a1, 32
    rsr a2, interrupt
    rsr a3, intenable
    and a2, a2, a3
    retw
    .size interrupts_pending, . - interrupts_pending
    .balign 4
    .global interrupt_set
    .type interrupt_set, @function
interrupt_set:              // (mask) of those that software makes
    entry a1, 32
    wsr a2, intset
    rsync
    retw
    .size interrupt_set, . - interrupt_set
    .balign 4
    .global interrupt_clear
    .type interrupt_clear, @function
interrupt_clear:            // (mask)
    entry a1, 32
    wsr a2, intclear
    rsync
    retw
    .size interrupt_clear, . - interrupt_clear
    .balign 4
    .global counter_read
    .type counter_read, @function
counter_read:
    entry a1, 32
    rsr a2, ccount
    retw
    .size counter_read, . - counter_read
    .balign 4
    .global counter_compare
    .type counter_compare, @function
counter_compare:            // (count): interrupts when the counter gets there
    entry a1, 32
    wsr a2, ccompare0
    rsync
    retw
    .size counter_compare, . - counter_compare

// ---- Register windows, by hand ----

    // All frames but the caller's go to the stack: twelve calls fill the 16 windows.
    .section .text.windows_spill, "ax"
    .balign 4
    .global windows_spill
    .type windows_spill, @function
windows_spill:
    entry a1, 32
    movi a10, 11
    call8 .Ldeeper
    retw
    .balign 4
.Ldeeper:
    entry a1, 32
    beqz a2, .Ldeep
    addi a10, a2, -1
    call8 .Ldeeper
.Ldeep:
    retw
    .size windows_spill, . - windows_spill

    // newlib's layout of a jmp_buf for windows: 12 words of registers, 4 of the area below the caller's stack pointer, the
    // return address with the size of the call. Here: words 0 to 3 are a0 to a3 of the caller, 4 to 11 its further registers.
    .section .text.setjmp, "ax"
    .balign 4
    .global setjmp
    .type setjmp, @function
setjmp:
    entry a1, 32
    call8 windows_spill
    s32i a0, a2, 64
    addi a3, a1, -16
    l32i a4, a3, 0
    s32i a4, a2, 0
    l32i a5, a3, 4          // the caller's stack pointer
    s32i a5, a2, 4
    l32i a4, a3, 8
    s32i a4, a2, 8
    l32i a4, a3, 12
    s32i a4, a2, 12
    // The rest lies below the stack pointer of the caller's caller: none, 4 or 8 words.
    addi a5, a5, -16
    l32i a5, a5, 4
    addi a5, a5, -16
    extui a6, a0, 30, 2
    addi a6, a6, -1
    slli a6, a6, 4
    sub a6, a5, a6
    addi a7, a2, 16
.Lsave_next:
    bgeu a6, a5, .Lsaved
    l32i a4, a6, 0
    s32i a4, a7, 0
    addi a6, a6, 4
    addi a7, a7, 4
    j .Lsave_next
.Lsaved:
    movi a2, 0
    retw
    .size setjmp, . - setjmp

    // Puts a frame onto the stack as if it had been spilled, and returns into it.
    .section .text.longjmp, "ax"
    .balign 4
    .global longjmp
    .type longjmp, @function
longjmp:
    entry a1, 32
    call8 windows_spill
    l32i a0, a2, 64
    addi a4, a1, -16
    l32i a5, a2, 0
    s32i a5, a4, 0
    l32i a5, a2, 4
    s32i a5, a4, 4
    l32i a6, a2, 8
    s32i a6, a4, 8
    l32i a6, a2, 12
    s32i a6, a4, 12
    addi a5, a5, -16
    l32i a5, a5, 4
    addi a5, a5, -16
    extui a6, a0, 30, 2
    addi a6, a6, -1
    slli a6, a6, 4
    sub a6, a5, a6
    addi a7, a2, 16
.Lrestore_next:
    bgeu a6, a5, .Lrestored
    l32i a4, a7, 0
    s32i a4, a6, 0
    addi a6, a6, 4
    addi a7, a7, 4
    j .Lrestore_next
.Lrestored:
    movi a2, 1
    movnez a2, a3, a3
    retw
    .size longjmp, . - longjmp
