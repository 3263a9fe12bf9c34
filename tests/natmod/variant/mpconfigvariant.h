// MicroPython's unix port with what ESP32's port has of threads: an interpreter lock, so that any thread that waits runs
// scheduled callbacks; `select.poll` looks again and again and runs them meanwhile; stacks of 5 KB are asked for, and a
// platform that is not Linux's, so that native modules send no signals.

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

#include "ports/unix/variants/mpconfigvariant_common.h"

#undef MICROPY_PY_THREAD_GIL
#define MICROPY_PY_THREAD_GIL (1)
#define MICROPY_PY_THREAD_RECURSIVE_MUTEX (1)
// It does not go with an interpreter lock.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR (0)
#undef MICROPY_PY_SELECT_POSIX_OPTIMISATIONS
#define MICROPY_PY_SELECT_POSIX_OPTIMISATIONS (0)
#define MICROPY_PY_SYS_PLATFORM "esp32"

// What a wait does each time round: ESP32's port has the same, with a tick of FreeRTOS's in the place of the millisecond.
#define MICROPY_EVENT_POLL_HOOK \
    do { \
        extern void mp_handle_pending(bool); \
        mp_handle_pending(true); \
        MP_THREAD_GIL_EXIT(); \
        mp_hal_delay_us(1000); \
        MP_THREAD_GIL_ENTER(); \
    } while (0);
