// What the code of a native module calls on Xtensa beside the firmware's table.

#include "base/runtime.h"

#if defined(__xtensa__)

// Rust compiles to a call of this where the processor of another architecture has an instruction that stops it. The firmware
// reports an illegal instruction with the place, and starts again.
MP_NORETURN void abort(void) {
    for (;;) {
        __asm__ volatile ("ill");
    }
}

#endif
