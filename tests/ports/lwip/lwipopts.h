// lwIP with its socket layer, as little else as can be; the tests choose what a firmware may have set otherwise.
#ifndef TESTS_LWIPOPTS_H
#define TESTS_LWIPOPTS_H

#define NO_SYS 0
#define LWIP_SOCKET 1
#define LWIP_NETCONN 1
#define LWIP_DNS 1
#define LWIP_TCP 1
#define LWIP_TCPIP_CORE_LOCKING 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_LOOPBACK_MAX_PBUFS 32
#define LWIP_IPV4 1
#ifndef LWIP_IPV6
#define LWIP_IPV6 0
#endif

#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define TCPIP_THREAD_STACKSIZE 4096
#define TCPIP_MBOX_SIZE 32
#define DEFAULT_TCP_RECVMBOX_SIZE 32
#define DEFAULT_UDP_RECVMBOX_SIZE 8
#define DEFAULT_ACCEPTMBOX_SIZE 8
#define LWIP_SO_RCVTIMEO 1
#define MEMP_NUM_NETCONN 16

#endif
