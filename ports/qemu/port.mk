# What belongs to this port beside port.c, for micropython/micropython.mk.

ALIYUN_IOT_QEMU := $(ALIYUN_IOT_DIR)/../ports/qemu

SRC_USERMOD_C += $(ALIYUN_IOT_DIR)/../ports/lwip/wake.c
SRC_USERMOD_C += $(addprefix $(ALIYUN_IOT_QEMU)/, \
	clock.c \
	console.c \
	ethernet.c \
	host.c \
	lan.c \
	network.c \
	pendsv.c \
	tls.c \
	vectors.c \
	)

CFLAGS_USERMOD += -I$(ALIYUN_IOT_QEMU) -I$(TOP)/lib/cmsis/inc -DMP_CONFIGFILE='"mpconfigqemu.h"'
# The console's own functions take the place of the port's: see console.c.
LDFLAGS_USERMOD += -Wl,--wrap=uart_rx_chr
