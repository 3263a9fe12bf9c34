// What lwIP asks of a compiler: a computer's.
#ifndef TESTS_ARCH_CC_H
#define TESTS_ARCH_CC_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define LWIP_PLATFORM_DIAG(message) do { printf message; } while (0)
#define LWIP_PLATFORM_ASSERT(message) do { printf("lwIP: %s\n", message); abort(); } while (0)
#define LWIP_ERRNO_STDINCLUDE 1

#endif
