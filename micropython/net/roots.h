// The trust roots that the library brings.
#ifndef ALIYUN_IOT_NET_ROOTS_H
#define ALIYUN_IOT_NET_ROOTS_H

#include "base/runtime.h"

// Uses a certificate in DER for a TLS context.
typedef bool (*roots_use_t)(mp_obj_t context, mp_obj_t der);

// Has each root used.
void roots_each(mp_obj_t context, roots_use_t use);

#endif
