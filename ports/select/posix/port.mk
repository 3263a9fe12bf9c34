# What this port needs beside its own files, for micropython/micropython.mk: wake.c, and all of the unix port but its wake.c.

ALIYUN_IOT_UNIX := $(ALIYUN_IOT_DIR)/../ports/unix

ifneq ($(ALIYUN_IOT_MODULE),0)
SRC_USERMOD_C += $(ALIYUN_IOT_DIR)/../ports/select/wake.c $(ALIYUN_IOT_UNIX)/port.c
endif
SRC_USERMOD_C += $(filter-out %/port.c %/wake.c, $(wildcard $(ALIYUN_IOT_UNIX)/*.c))
CFLAGS_USERMOD += -I$(ALIYUN_IOT_DIR)/../ports/select/posix
include $(ALIYUN_IOT_UNIX)/port.mk
