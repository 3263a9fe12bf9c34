// Where things lie, for C and for the assembler.
#ifndef ALIYUN_IOT_QEMU_MEMORY_H
#define ALIYUN_IOT_QEMU_MEMORY_H

// As the task of MicroPython has on an ESP32. Interrupts have a stack of their own there as well.
#define MAIN_STACK_SIZE (16 * 1024)
#define INTERRUPT_STACK_SIZE (8 * 1024)
// What stack_most() takes for unused.
#define STACK_PAINT (0xa5a5a5a5)

// Native code lies here and nothing else does: as much as an ESP32 has in one piece. It can be executed, and its words can
// be read; all else stops the processor.
#define CODE_BASE (0x40000000)
#define CODE_SIZE (112 * 1024)

// Exceptions leave a0 to a15 in exception_registers[], behind which the end of the interrupts' stack is kept.
#define REGISTERS_STACK (64)
// Interrupts leave them on the stack, and three more.
#define FRAME_EPC (64)
#define FRAME_PS (68)
#define FRAME_SAR (72)

#endif
