// lwIP as the board has it.
#ifndef ALIYUN_IOT_QEMU_LWIPOPTS_H
#define ALIYUN_IOT_QEMU_LWIPOPTS_H

#include <stdint.h>

uint32_t host_random(void);
#define LWIP_RAND() host_random()

#define LWIP_IPV4 1
#define LWIP_IPV6 0

// The larger of MicroPython's proposals.
#define MEM_SIZE (16000)
#define TCP_MSS (1460)
#define TCP_WND (8 * TCP_MSS)
#define TCP_SND_BUF (8 * TCP_MSS)
#define MEMP_NUM_TCP_SEG (32)
// Each frame takes a buffer until the script has read it, however small it is. Where threads publish, one of them may send for
// long before any of them reads; meanwhile the acknowledgements of what was sent have to find room.
#define PBUF_POOL_SIZE (64)

// In the emulator's network the host is 10.0.2.2; scripts find it as `localhost`, which is the name in the certificate of
// the local cloud. All other names are asked of the network's name server.
#define DNS_LOCAL_HOSTLIST 1
#define DNS_LOCAL_HOSTLIST_INIT { DNS_LOCAL_HOSTLIST_ELEM("localhost", IPADDR4_INIT_BYTES(10, 0, 2, 2)) }

#include "extmod/lwip-include/lwipopts_common.h"

#undef LWIP_MDNS_RESPONDER
#define LWIP_MDNS_RESPONDER 0

#endif
