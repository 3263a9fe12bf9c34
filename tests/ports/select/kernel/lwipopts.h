// lwIP as ESP-IDF sets it, where that matters to wake-ups: a task of its own, a loopback interface whose queue is short,
// sockets that one task may close while another waits for them.
#ifndef TESTS_LWIPOPTS_H
#define TESTS_LWIPOPTS_H

#define NO_SYS 0
#define SYS_LIGHTWEIGHT_PROT 1
#define LWIP_SOCKET 1
#define LWIP_NETCONN 1
#define LWIP_COMPAT_SOCKETS 0
#define LWIP_POSIX_SOCKETS_IO_NAMES 0
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_NETCONN_FULLDUPLEX 1
#define LWIP_TCPIP_CORE_LOCKING 0
#define LWIP_HAVE_LOOPIF 1
#ifndef LWIP_NETIF_LOOPBACK
#define LWIP_NETIF_LOOPBACK 1
#endif
#define LWIP_LOOPBACK_MAX_PBUFS 8
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_DNS 0
#define LWIP_TIMEVAL_PRIVATE 0
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEMP_NUM_NETCONN 16
#define LWIP_SOCKET_OFFSET 48
#define TCPIP_THREAD_STACKSIZE 4096
#define TCPIP_THREAD_PRIO 6
#define TCPIP_MBOX_SIZE 32
#define DEFAULT_TCP_RECVMBOX_SIZE 6
#define DEFAULT_UDP_RECVMBOX_SIZE 6
#define DEFAULT_ACCEPTMBOX_SIZE 6
#define LWIP_STATS 0

#endif
