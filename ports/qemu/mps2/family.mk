# What the MPS2 boards have in common.

BOARD_FAMILY = mps2
QEMU_ARCH = arm
CFLAGS += -DQEMU_SOC_MPS2
LDSCRIPT = $(BOARD_DIR)/../../mps2/mps2.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o

# Native modules are tested on firmware without threads.
ifneq ($(ALIYUN_IOT_MODULE),0)
CFLAGS += -DBOARD_THREADS=1
endif

# qemu's board has 16 MB to spare; the collector's time grows with the heap.
MICROPY_HEAP_SIZE = 2097152

include $(BOARD_DIR)/../../board.mk
