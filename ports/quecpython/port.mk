# What this port needs beside its own files, for micropython/micropython.mk (Helios SDK).

ifneq ($(ALIYUN_IOT_MODULE),0)
SRC_USERMOD_C += $(ALIYUN_IOT_DIR)/../ports/select/wake.c
endif
