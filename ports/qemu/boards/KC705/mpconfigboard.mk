# AMD's KC705 with an Xtensa core in its FPGA: de212 or dc233c, which qemu is told when it starts.
QEMU_MACHINE = kc705
CFLAGS += -DMICROPY_HW_MCU_NAME='"Xtensa"'
MPY_CROSS_FLAGS += -march=xtensawin

include $(BOARD_DIR)/../../xtfpga/family.mk
