// What the assembler (start.S) does for C, and which interrupts there are.
#ifndef ALIYUN_IOT_QEMU_PROCESSOR_H
#define ALIYUN_IOT_QEMU_PROCESSOR_H

#include <stdint.h>
#include "xtfpga/memory.h"

// The machine kc705: its devices take the first external interrupts; the others are the core's.
#define INTERRUPT_UART (1 << 0)
#define INTERRUPT_ETHERNET (1 << 1)
#define INTERRUPT_TIMER (1 << 6)
#define INTERRUPT_SOFTWARE (1 << 7)

// The emulator's own calls, of which this port uses few.
enum { SIMCALL_EXIT = 1, SIMCALL_READ = 3, SIMCALL_WRITE = 4, SIMCALL_OPEN = 5, SIMCALL_ARGC = 1000, SIMCALL_ARGV = 1002 };
int32_t simcall(int32_t number, uintptr_t a, uintptr_t b, uintptr_t c);

void interrupts_enable(uint32_t mask);
uint32_t interrupts_pending(void);
void interrupt_set(uint32_t mask);
void interrupt_clear(uint32_t mask);
uint32_t counter_read(void);
void counter_compare(uint32_t count);
// Puts all registers of callers onto the stack.
void windows_spill(void);
// What data accesses to the native code's memory may do.
void code_access(uint32_t attribute);

extern uint32_t main_stack[], interrupt_stack[], code_readable[];

// timers.c, host.c
void timers_interrupt(void);
uint32_t host_number(const char *name, uint32_t otherwise);

#endif
