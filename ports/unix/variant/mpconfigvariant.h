// MicroPython's unix port as this project builds it: the feature level of the standard variant. As there, threads run
// without an interpreter lock, and callbacks run in the main thread only.

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

#include "ports/unix/variants/mpconfigvariant_common.h"

// Ctrl-C is noticed between two bytecodes and in a wait, never by a jump out of
// the signal handler: that jump would cross frames of Rust and of mbedTLS.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR (0)

// Memory is plenty, but several devices share one heap of 2 MiB.
#ifndef ALIYUN_IOT_RX_SIZE
#define ALIYUN_IOT_RX_SIZE (64 * 1024)
#endif
#ifndef ALIYUN_IOT_TX_SIZE
#define ALIYUN_IOT_TX_SIZE (16 * 1024)
#endif
