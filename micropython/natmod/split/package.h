// What the binding finds in its package where the module is split.
#ifndef ALIYUN_IOT_NATMOD_SPLIT_PACKAGE_H
#define ALIYUN_IOT_NATMOD_SPLIT_PACKAGE_H

#include "base/runtime.h"

// The path of the file with the trust roots, a str.
extern mp_obj_t package_roots;

// Finds the library and the trust roots; before the first call of the library. Raises ImportError if the library is of
// another build.
void package_find(void);

#endif
