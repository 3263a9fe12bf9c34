// MicroPython's own strings that grow, compiled along: the firmware's table for native modules has none.

#include <stdarg.h>

#include "base/runtime.h"
#include "py/vstr.c"
