// What ports/select/wake.c calls of MicroPython and of the binding: see ../../program.c.
#ifndef TESTS_BASE_RUNTIME_H
#define TESTS_BASE_RUNTIME_H

#include "py/obj.h"

#define MP_ENOMEM (12)
#define MP_QSTR_socket (1)

bool mp_sched_schedule(mp_obj_t function, mp_obj_t argument);
__attribute__((noreturn)) void mp_raise_OSError(int number);
__attribute__((noreturn)) void runtime_raise_os(int number, mp_obj_t words);
mp_obj_t runtime_words(const char *text);
mp_obj_t runtime_import(int name);
size_t port_devices(void);

#endif
