// Of the shape of QuecPython's header on UniRTOS.
#ifndef SHAPE_MPTHREADPORT_H
#define SHAPE_MPTHREADPORT_H

#include "qosa_sys.h"

typedef qosa_mutex_t mp_thread_mutex_t;
typedef qosa_mutex_t mp_thread_recursive_mutex_t;

void mp_thread_unirtos_begin_atomic_section(void);
void mp_thread_unirtos_end_atomic_section(void);

#endif
