// What the binding gets of its package where the module is split.
#ifndef ALIYUN_IOT_NATMOD_SPLIT_PACKAGE_H
#define ALIYUN_IOT_NATMOD_SPLIT_PACKAGE_H

#include "base/runtime.h"
#include "natmod/start.h"

// The path of the file with the trust roots, a str.
extern mp_obj_t package_roots;

// Takes the table of the library's calls, a bytearray, and the path of the trust roots; before the first call of the library.
start_t package_take(mp_obj_t calls, mp_obj_t roots);

#endif
