# What boards with an Xtensa core in an FPGA have in common. CROSS_COMPILE is the prefix of `cargo xtask xtensa`; ALIYUN_IOT_BUILTINS
# names an archive that has what the compiler takes for granted (64-bit division, floating point) for register windows.

BOARD_FAMILY = xtfpga
QEMU_ARCH = xtensa
CFLAGS += -fno-common -fno-jump-tables
SRC_BOARD_O = ports/qemu/xtfpga/start.o

# What it has is less where the emulator is told so: an ESP32 has 56 KB at first.
MICROPY_HEAP_SIZE = 2097152

# MicroPython's rule links by the compiler, in newer versions by the linker.
$(BUILD)/firmware.elf: private CC = $(CROSS_COMPILE)ld
$(BUILD)/firmware.elf: private LD = $(CROSS_COMPILE)ld
$(BUILD)/firmware.elf: private LDFLAGS = -e _start --section-start=.vectors=0x60000000
$(BUILD)/firmware.elf: private LIBS = $(ALIYUN_IOT_BUILTINS)
$(BUILD)/firmware.elf: private SIZE = :

include $(BOARD_DIR)/../../board.mk
