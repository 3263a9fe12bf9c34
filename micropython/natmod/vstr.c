// MicroPython's own strings that grow, compiled along: the firmware's table for native modules has none.

#include <stdarg.h>

#include "../runtime.h"
#include "py/vstr.c"
