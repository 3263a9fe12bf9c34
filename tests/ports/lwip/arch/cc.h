// What lwIP asks of a compiler; for a C library without sockets.
#ifndef TESTS_ARCH_CC_H
#define TESTS_ARCH_CC_H

#define LWIP_PLATFORM_DIAG(message) ((void)0)
#define LWIP_PLATFORM_ASSERT(message) ((void)0)

#ifndef TESTS_LWIP_HAS_ERRNO
// The C library's numbers.
#define LWIP_ERRNO_STDINCLUDE 1
#else
// lwIP's own.
#define LWIP_PROVIDE_ERRNO 1
#endif

#ifdef TESTS_C_LIBRARY_HAS_TIMEVAL
#define LWIP_TIMEVAL_PRIVATE 0
#include <sys/time.h>
#endif

#ifdef TESTS_BOARD
unsigned board_random(void);
#define LWIP_RAND() board_random()
#endif

#endif
