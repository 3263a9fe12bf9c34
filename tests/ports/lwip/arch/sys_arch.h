// An operating system's types: never used, only compiled with.
#ifndef TESTS_ARCH_SYS_ARCH_H
#define TESTS_ARCH_SYS_ARCH_H

typedef int sys_prot_t;
typedef void *sys_sem_t;
typedef void *sys_mutex_t;
typedef void *sys_mbox_t;
typedef void *sys_thread_t;

#endif
