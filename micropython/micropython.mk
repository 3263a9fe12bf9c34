# The module `aliyunIoT` as a user C module, for ports that build with make:
#
#   make USER_C_MODULES=<this repository> ALIYUN_IOT_LIB=<libaliyun_iot.a> ALIYUN_IOT_PORT=<port folder under ports/>
#
# The archive comes from `cargo xtask lib <target> --with words`; ports/README.md says which target fits which chip.

ALIYUN_IOT_DIR := $(USERMOD_DIR)
ALIYUN_IOT_INCLUDE ?= $(ALIYUN_IOT_DIR)/../include
ALIYUN_IOT_PORT ?= unix

ALIYUN_IOT_PORT_C := $(wildcard $(ALIYUN_IOT_DIR)/../ports/$(ALIYUN_IOT_PORT)/*.c)
ifeq ($(filter clean submodules,$(MAKECMDGOALS)),)
ifeq ($(filter %/port.c,$(ALIYUN_IOT_PORT_C)),)
$(error Set ALIYUN_IOT_PORT to a folder under ports/ that has a port.c)
endif
endif

# ALIYUN_IOT_MODULE=0 leaves the module out, but not the rest of what the port brings: firmware for native modules.
ifeq ($(ALIYUN_IOT_MODULE),0)
SRC_USERMOD_C += $(filter-out %/port.c %/wake.c, $(ALIYUN_IOT_PORT_C))
else
ifeq ($(filter clean submodules,$(MAKECMDGOALS))$(wildcard $(ALIYUN_IOT_LIB)),)
$(error Set ALIYUN_IOT_LIB to libaliyun_iot.a, built for this board's processor by `cargo xtask lib <target> --with words`)
endif
# One path a line.
SRC_USERMOD_C += $(addprefix $(ALIYUN_IOT_DIR)/, $(shell cat $(ALIYUN_IOT_DIR)/sources.txt))
SRC_USERMOD_C += $(ALIYUN_IOT_PORT_C)
# The archive comes before the objects on some ports' command lines, so one of its symbols is asked for; the whole
# library is one object. (Some ports call the linker, others the compiler: both know this option.)
LDFLAGS_USERMOD += -u aliyun_iot_init $(ALIYUN_IOT_LIB)
endif
CFLAGS_USERMOD += -I$(ALIYUN_IOT_DIR) -I$(ALIYUN_IOT_INCLUDE)
include $(ALIYUN_IOT_DIR)/settings.mk
CFLAGS_USERMOD += $(ALIYUN_IOT_SETTINGS)
# Names in generated headers have to be found again when those change.
QSTR_GLOBAL_DEPENDENCIES += $(wildcard $(ALIYUN_IOT_DIR)/*.h $(ALIYUN_IOT_DIR)/*/*.h)
# A port of many files names the others, and what they need, in port.mk.
-include $(ALIYUN_IOT_DIR)/../ports/$(ALIYUN_IOT_PORT)/port.mk
