// MicroPython's own configuration of its qemu port, and what a board with a network has beside.

#include <stddef.h>

#include "mpconfigport.h"

// What some version of it defines, and what is defined otherwise here or not at all. (The tick of MicroPython's port does
// not drive the soft timers.)
#undef MICROPY_MPHALPORT_H
#undef MICROPY_PY_TIME
#undef MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME
#undef MICROPY_PY_TIME_TIME_TIME_NS
#undef MICROPY_PY_TIME_INCLUDEFILE
#undef MICROPY_EPOCH_IS_1970
#undef MICROPY_USE_INTERNAL_ERRNO
#undef MICROPY_PY_SELECT
#undef MICROPY_PY_ASYNCIO
#undef MICROPY_PY_OS_GETENV_PUTENV_UNSETENV
#undef MICROPY_PY_OS_URANDOM
#undef MICROPY_PY_OS_INCLUDEFILE
#undef MICROPY_PY_RANDOM_SEED_INIT_FUNC
#undef MICROPY_PY_MACHINE_TIMER
#undef MICROPY_PY_MACHINE_EXTRA_GLOBALS
#undef MICROPY_PY_NETWORK
#undef MICROPY_PY_NETWORK_HOSTNAME_DEFAULT
#undef MICROPY_PORT_NETWORK_INTERFACES
#undef MICROPY_PY_SOCKET
#undef MICROPY_TRACKED_ALLOC
#undef MICROPY_SCHEDULER_STATIC_NODES
#undef MICROPY_PORT_INIT_FUNC
#undef MICROPY_PORT_DEINIT_FUNC
#undef MICROPY_BEGIN_ATOMIC_SECTION
#undef MICROPY_END_ATOMIC_SECTION
#undef MICROPY_PY_PENDSV_ENTER
#undef MICROPY_PY_PENDSV_REENTER
#undef MICROPY_PY_PENDSV_EXIT
#undef MICROPY_PY_LWIP_ENTER
#undef MICROPY_PY_LWIP_REENTER
#undef MICROPY_PY_LWIP_EXIT
#undef MICROPY_INTERNAL_WFE
#undef MICROPY_SOFT_TIMER_TICKS_MS

#define MICROPY_MPHALPORT_H "board_hal.h"

#define MICROPY_PY_TIME (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_TIME_TIME_NS (1)
#define MICROPY_PY_TIME_INCLUDEFILE "modtime.inc"
#define MICROPY_EPOCH_IS_1970 (1)
// Errors have the numbers that they have everywhere in MicroPython, not those of the C library.
#define MICROPY_USE_INTERNAL_ERRNO (1)
#define MICROPY_PY_SELECT (1)
#define MICROPY_PY_ASYNCIO (1)

#define MICROPY_PY_OS_GETENV_PUTENV_UNSETENV (1)
#define MICROPY_PY_OS_URANDOM (1)
// Whether modos.inc has os.urandom: see port.mk.
#ifndef BOARD_HAS_OS_URANDOM
#define BOARD_HAS_OS_URANDOM (1)
#endif
#define MICROPY_PY_OS_INCLUDEFILE "modos.inc"
#define MICROPY_PY_RANDOM_SEED_INIT_FUNC (host_random())

// As on boards that one can buy: timers that run in software.
#define MICROPY_PY_MACHINE_TIMER (1)
#define BOARD_TIMER { MP_ROM_QSTR(MP_QSTR_Timer), MP_ROM_PTR(&machine_timer_type) },

// What qemu has of the hardware of the MPS2 boards.
#ifdef QEMU_SOC_MPS2
#define MICROPY_PY_MACHINE_I2C (1)
#define MICROPY_PY_MACHINE_SOFTI2C (1)
#define MICROPY_PY_MACHINE_WDT (1)
#define MICROPY_PY_MACHINE_WDT_INCLUDEFILE "mps2/machine_wdt.inc"
#define MICROPY_PY_MACHINE_EXTRA_GLOBALS BOARD_TIMER { MP_ROM_QSTR(MP_QSTR_Pin), MP_ROM_PTR(&machine_pin_type) },
extern const struct _mp_obj_type_t machine_pin_type;
#else
#define MICROPY_PY_MACHINE_EXTRA_GLOBALS BOARD_TIMER
#endif

#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "mpy-qemu"
#define MICROPY_PORT_NETWORK_INTERFACES { MP_ROM_QSTR(MP_QSTR_LAN), MP_ROM_PTR(&lan_type) },
#define MICROPY_PY_SOCKET (1)

// mbedTLS takes its memory from MicroPython's heap.
#define MICROPY_TRACKED_ALLOC (1)

// As on the unix port: the heap has the same size.
#ifndef ALIYUN_IOT_RX_SIZE
#define ALIYUN_IOT_RX_SIZE (64 * 1024)
#endif
#ifndef ALIYUN_IOT_TX_SIZE
#define ALIYUN_IOT_TX_SIZE (16 * 1024)
#endif

#define MICROPY_SCHEDULER_STATIC_NODES (1)

// Whether the family can switch stacks: see threads.h.
#ifndef BOARD_THREADS
#define BOARD_THREADS (0)
#endif
#if BOARD_THREADS
#define MICROPY_PY_THREAD (1)
#define MICROPY_PY_THREAD_GIL (0)
#define MICROPY_MPTHREADPORT_H "threads.h"
#define MICROPY_VM_HOOK_LOOP if (threads_many) { threads_jumped(); }
// One thread may schedule what wakes another.
#define MICROPY_SCHED_HOOK_SCHEDULED board_event()
void board_event(void);
#endif

#define MICROPY_PORT_INIT_FUNC board_init()
#define MICROPY_PORT_DEINIT_FUNC board_deinit()

// ---- The processor ----

#ifdef __XTENSA__
// As MicroPython has it for ESP32.
#define MICROPY_NLR_SETJMP (1)
#define MICROPY_EMIT_XTENSAWIN (1)
void *board_commit_code(void *code, size_t len, void *relocations);
#define MP_PLAT_COMMIT_EXEC(code, len, relocations) board_commit_code(code, len, relocations)
#endif

uint32_t board_irq_disable(void);
void board_irq_enable(uint32_t state);
#define MICROPY_BEGIN_ATOMIC_SECTION() board_irq_disable()
#define MICROPY_END_ATOMIC_SECTION(state) board_irq_enable(state)

// lwIP and the soft timers work in PendSV.
uint32_t pendsv_disable(void);
void pendsv_enable(uint32_t state);
#define MICROPY_PY_PENDSV_ENTER uint32_t pendsv_state = pendsv_disable();
#define MICROPY_PY_PENDSV_REENTER pendsv_state = pendsv_disable();
#define MICROPY_PY_PENDSV_EXIT pendsv_enable(pendsv_state);
#define MICROPY_PY_LWIP_ENTER MICROPY_PY_PENDSV_ENTER
#define MICROPY_PY_LWIP_REENTER MICROPY_PY_PENDSV_REENTER
#define MICROPY_PY_LWIP_EXIT MICROPY_PY_PENDSV_EXIT

// Sleeps until there is an event, or until the time is up.
void board_wait(int32_t timeout_ms);
#define MICROPY_INTERNAL_WFE(timeout_ms) board_wait(timeout_ms)

void board_init(void);
void board_deinit(void);
uint32_t host_random(void);
extern const struct _mp_obj_type_t lan_type;
