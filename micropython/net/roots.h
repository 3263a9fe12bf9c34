// The trust roots that the library brings.
#ifndef ALIYUN_IOT_NET_ROOTS_H
#define ALIYUN_IOT_NET_ROOTS_H

#include "base/runtime.h"

// Uses a certificate in DER for a TLS context.
typedef bool (*roots_use_t)(mp_obj_t context, mp_obj_t der);

// The cloud of the number `vendor` in the C ABI, 0 for Alibaba's, as roots_each knows it.
#define ROOTS_OF(vendor) (1u << (vendor))
// The roots of all clouds, for a server that may be anybody's.
#define ROOTS_OF_ALL (0xffu)

// Has each root used that one of the clouds has.
void roots_each(mp_obj_t context, unsigned clouds, roots_use_t use);

#endif
