// The trust roots that are built in.
#ifndef ALIYUN_IOT_NET_ROOTS_H
#define ALIYUN_IOT_NET_ROOTS_H

#include "base/runtime.h"

// A certificate in DER.
typedef struct {
    const byte *data;
    size_t len;
} root_t;

size_t roots_count(void);
root_t root_get(size_t index);

#endif
