# What this port needs beside its own files, for micropython/micropython.mk.

ALIYUN_IOT_QEMU := $(ALIYUN_IOT_DIR)/../ports/qemu
SRC_USERMOD_C += $(wildcard $(ALIYUN_IOT_QEMU)/$(BOARD_FAMILY)/*.c)

ifneq ($(ALIYUN_IOT_MODULE),0)
SRC_USERMOD_C += $(addprefix $(ALIYUN_IOT_DIR)/../ports/lwip/, wake.c port.c)
endif
# What it switches on has names that have to be found.
QSTR_GLOBAL_DEPENDENCIES += $(ALIYUN_IOT_QEMU)/mpconfigqemu.h
CFLAGS_USERMOD += -I$(ALIYUN_IOT_QEMU) -I$(TOP)/lib/cmsis/inc -DMP_CONFIGFILE='"mpconfigqemu.h"'

# Since MicroPython 1.28 extmod/modos.c has os.urandom itself, and takes the bytes from mp_hal_get_random().
ifneq ($(shell grep -l mp_hal_get_random $(TOP)/extmod/modos.c),)
CFLAGS_USERMOD += -DBOARD_HAS_OS_URANDOM=0
endif

# Functions of this port stand in the place of upstream's, which get another name where they are compiled. Which of them
# upstream has depends on its version. (The linker's --wrap would do, but newer versions call the linker itself and older
# ones through the compiler, and the two take it in different words.)
instead = $(foreach function, $(1), -D$(function)=upstream_$(function))
$(BUILD)/uart.o: CFLAGS += $(call instead, uart_rx_chr uart_rx_any)
$(BUILD)/mphalport.o: CFLAGS += $(call instead, mp_hal_get_random mp_hal_ticks_ms mp_hal_ticks_us mp_hal_ticks_cpu \
    mp_hal_time_ns mp_hal_delay_ms mp_hal_delay_us)
$(BUILD)/main.o: CFLAGS += $(call instead, gc_collect gc_init gc_sweep_all lwip_init)
# Since 1.28 upstream's port has a network of its own (1.29), and a tick, which board_hal.h leaves nothing to.
$(BUILD)/mpnetworkport.o: CFLAGS += -UMICROPY_PY_LWIP
$(BUILD)/mcu/arm/ticks.o: CFLAGS += -D'IRQ_PRI_PENDSV=(0xff)'
