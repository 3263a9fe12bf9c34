#ifndef ALIYUN_IOT_NATMOD_SPLIT_CALLS_H
#define ALIYUN_IOT_NATMOD_SPLIT_CALLS_H

#include "base/runtime.h"

// Finds the library, before its first call. Raises ImportError if it is of another build.
void calls_find(void);

#endif
