# What this port needs beside its own files, for micropython/micropython.mk.

ALIYUN_IOT_QEMU := $(ALIYUN_IOT_DIR)/../ports/qemu

ifneq ($(ALIYUN_IOT_MODULE),0)
SRC_USERMOD_C += $(addprefix $(ALIYUN_IOT_DIR)/../ports/lwip/, wake.c port.c)
endif
CFLAGS_USERMOD += -I$(ALIYUN_IOT_QEMU) -I$(TOP)/lib/cmsis/inc -DMP_CONFIGFILE='"mpconfigqemu.h"'
# The console's own functions take the place of the port's: see console.c.
LDFLAGS_USERMOD += -Wl,--wrap=uart_rx_chr
