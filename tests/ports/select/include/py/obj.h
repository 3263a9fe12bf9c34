// What ports/select/wake.c names of MicroPython: see ../../program.c.
#ifndef TESTS_PY_OBJ_H
#define TESTS_PY_OBJ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void *mp_obj_t;
#define MP_OBJ_NULL (NULL)

#endif
