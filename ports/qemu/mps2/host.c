// What the host of the emulator lends by semihosting, since the board has neither a clock nor a source of randomness.
// This is for the emulator only: on a real board semihosting stops the processor.

#include "board.h"

#define SYS_OPEN (0x01)
#define SYS_READ (0x06)
#define SYS_TIME (0x11)
#define MODE_RB (1)

#define ENTROPY_FILE "/dev/urandom"

static int32_t semihosting(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm ("r0") = operation;
    register const void *r1 __asm ("r1") = argument;
    __asm volatile ("bkpt 0xab" : "+r" (r0) : "r" (r1) : "memory");
    return r0;
}

uint32_t host_seconds(void) {
    return semihosting(SYS_TIME, NULL);
}

bool host_entropy(uint8_t *bytes, size_t len) {
    static int32_t file = -1;
    if (file < 0) {
        const uintptr_t open[] = { (uintptr_t)ENTROPY_FILE, MODE_RB, sizeof(ENTROPY_FILE) - 1 };
        file = semihosting(SYS_OPEN, open);
    }
    const uintptr_t read[] = { file, (uintptr_t)bytes, len };
    // The result is how much was not read.
    return file >= 0 && semihosting(SYS_READ, read) == 0;
}
