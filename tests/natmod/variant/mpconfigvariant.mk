# See mpconfigvariant.h. Without TLS: this is about threads.

MICROPY_PY_THREAD = 1
MICROPY_PY_SSL = 0
MICROPY_PY_FFI = 0
MICROPY_PY_BTREE = 0
FROZEN_MANIFEST ?= $(VARIANT_DIR)/../../../ports/unix/variant/manifest.py
MPY_LIB_DIR = $(TOP)
