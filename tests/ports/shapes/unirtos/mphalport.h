// Of the shape of QuecPython's header on UniRTOS.
#ifndef SHAPE_MPHALPORT_H
#define SHAPE_MPHALPORT_H

#include "py/mpconfig.h"

void mp_hal_stdio_wake(void);
mp_uint_t mp_hal_ticks_ms(void);
mp_uint_t mp_hal_ticks_us(void);
mp_uint_t mp_hal_ticks_cpu(void);
uint32_t mp_hal_get_random(void);
void mp_hal_set_interrupt_char(int c);

#endif
