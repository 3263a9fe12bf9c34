// Calls into the kernel, which a native module can make on Linux on x64 alone.
#ifndef ALIYUN_IOT_BASE_LINUX_H
#define ALIYUN_IOT_BASE_LINUX_H

#if defined(__x86_64__) && defined(__linux__)

#include <asm/unistd.h>

// The result, or the negated number of the error.
static inline long kernel(long number, long a, long b, long c, long d) {
    long result;
    register long fourth __asm__ ("r10") = d;
    __asm__ volatile ("syscall" : "=a" (result) : "a" (number), "D" (a), "S" (b), "d" (c), "r" (fourth) : "rcx", "r11", "memory");
    return result;
}

#endif

#endif
