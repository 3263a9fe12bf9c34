// What lwIP asks of the compiler and the platform.
#ifndef ALIYUN_IOT_QEMU_ARCH_CC_H
#define ALIYUN_IOT_QEMU_ARCH_CC_H

#define LWIP_NO_CTYPE_H 1
#define LWIP_PLATFORM_DIAG(message)
#define LWIP_PLATFORM_ASSERT(message)

#endif
