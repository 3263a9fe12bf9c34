# Arm MPS2 with the FPGA image AN386: a Cortex-M4 with its floating-point unit.
QEMU_MACHINE = mps2-an386
CFLAGS += -mthumb -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M4F"' -DBOARD_CORE='"core_cm4.h"'
MPY_CROSS_FLAGS += -march=armv7emsp

include $(BOARD_DIR)/../../mps2/family.mk
