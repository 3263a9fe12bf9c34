# What all boards have in common, for the Makefile of MicroPython's port: it is included before py.mk and extmod.mk.

SRC_C += shared/timeutils/timeutils.c
# Upstream's Makefile has it where upstream's port has a network.
ifeq ($(wildcard mpnetworkport.c),)
SRC_C += shared/runtime/softtimer.c
endif

MICROPY_PY_LWIP = 1
MICROPY_PY_SSL = 1
MICROPY_SSL_MBEDTLS = 1
MICROPY_VFS_LFS2 = 1

FROZEN_MANIFEST ?= $(BOARD_DIR)/../../manifest.py
# The manifest takes nothing from micropython-lib, yet the rules look for a README.md there.
MPY_LIB_DIR = $(TOP)
