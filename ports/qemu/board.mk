# What the boards have in common, for the Makefile of MicroPython's port: it is included before py.mk and extmod.mk.

QEMU_ARCH = arm
CFLAGS += -DQEMU_SOC_MPS2
LDSCRIPT = $(BOARD_DIR)/../../mps2.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o
SRC_C += shared/timeutils/timeutils.c
# Upstream's Makefile has it where upstream's port has a network.
ifeq ($(wildcard mpnetworkport.c),)
SRC_C += shared/runtime/softtimer.c
endif

# qemu's board has 16 MB to spare; the collector's time grows with the heap.
MICROPY_HEAP_SIZE = 2097152

MICROPY_PY_LWIP = 1
MICROPY_PY_SSL = 1
MICROPY_SSL_MBEDTLS = 1
MICROPY_VFS_LFS2 = 1

FROZEN_MANIFEST ?= $(BOARD_DIR)/../../manifest.py
# The manifest takes nothing from micropython-lib, yet the rules look for a README.md there.
MPY_LIB_DIR = $(TOP)
