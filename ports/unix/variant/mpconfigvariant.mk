# MicroPython's unix port as this project builds it (VARIANT_DIR=ports/unix/variant).
# Nothing here needs a library of the system or a submodule but lib/mbedtls.

# The module's objects go to build/micropython/, so the program needs another name.
PROG = micropython-aliyunIoT

MICROPY_PY_THREAD = 1
MICROPY_PY_SSL = 1
MICROPY_SSL_MBEDTLS = 1

# Would need libffi and Berkeley DB, and no script for a board uses them.
MICROPY_PY_FFI = 0
MICROPY_PY_BTREE = 0

FROZEN_MANIFEST ?= $(VARIANT_DIR)/manifest.py

# The manifest takes nothing from micropython-lib, yet the rules look for a
# README.md there. MicroPython's own will do, and the submodule may stay empty.
MPY_LIB_DIR = $(TOP)
