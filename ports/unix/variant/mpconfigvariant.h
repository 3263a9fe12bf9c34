// MicroPython's unix port as this project builds it: the feature level of the
// standard variant, but with the GIL.

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

#include "ports/unix/variants/mpconfigvariant_common.h"

// Threads share one interpreter lock, as on the boards that have threads at all.
// (The port's Makefile passes 0 on the command line, hence the #undef.)
#undef MICROPY_PY_THREAD_GIL
#define MICROPY_PY_THREAD_GIL (1)

// Handing the lock over takes some microseconds: not too often, then.
#define MICROPY_PY_THREAD_GIL_VM_DIVISOR (1000)

// By itself a thread that spins keeps the lock as long as another one is in a scheduled function, which may wait for
// that very lock after a sleep or a read.
extern volatile _Atomic unsigned threads_waiting;
void threads_give_way(void);
#define MICROPY_VM_HOOK_LOOP if (threads_waiting != 0) { threads_give_way(); }

// The port's own locks need this with the GIL too, and MicroPython's default forgets it.
#define MICROPY_PY_THREAD_RECURSIVE_MUTEX (1)

// Ctrl-C is noticed between two bytecodes and in a wait, never by a jump out of
// the signal handler: that jump would cross frames of Rust and of mbedTLS.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR (0)

// Memory is plenty: a message of any size that the platform sends is received.
#define ALIYUN_IOT_RX_SIZE (300 * 1024)
#define ALIYUN_IOT_TX_SIZE (64 * 1024)
