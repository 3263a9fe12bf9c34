# Arm MPS2 with the FPGA image AN385: a Cortex-M3.
QEMU_MACHINE = mps2-an385
CFLAGS += -mthumb -mcpu=cortex-m3 -mfloat-abi=soft
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M3"' -DBOARD_CORE='"core_cm3.h"'
MPY_CROSS_FLAGS += -march=armv7m

include $(BOARD_DIR)/../../mps2/family.mk
