// MicroPython as QuecPython on UniRTOS sets it, where that matters to the binding: an interpreter lock, objects with floats in
// them, atomic sections that are a mutex, no `tls`.
#ifndef SHAPE_MPCONFIGPORT_H
#define SHAPE_MPCONFIGPORT_H

#include <alloca.h>
#include <stdint.h>

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)
#define MICROPY_OBJ_REPR (MICROPY_OBJ_REPR_C)
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_FLOAT)
#define MICROPY_LONGINT_IMPL (MICROPY_LONGINT_IMPL_MPZ)
#define MICROPY_ENABLE_GC (1)
#define MICROPY_ENABLE_FINALISER (1)
#define MICROPY_ENABLE_SCHEDULER (1)
#define MICROPY_SCHEDULER_DEPTH (8)
#define MICROPY_KBD_EXCEPTION (1)
#define MICROPY_PY_THREAD (1)
#define MICROPY_PY_THREAD_GIL (1)
#define MICROPY_PY_THREAD_RECURSIVE_MUTEX (1)
#define MICROPY_PY_BINASCII_CRC32 (0)

typedef int mp_int_t;
typedef unsigned int mp_uint_t;
typedef long mp_off_t;
#define MP_SSIZE_MAX (0x7fffffff)

#define MICROPY_BEGIN_ATOMIC_SECTION() (mp_thread_unirtos_begin_atomic_section(), 0)
#define MICROPY_END_ATOMIC_SECTION(state) do { (void)(state); mp_thread_unirtos_end_atomic_section(); } while (0)

#define MP_STATE_PORT MP_STATE_VM

#endif
