// The board's clock.
#ifndef ALIYUN_IOT_BASE_CLOCK_H
#define ALIYUN_IOT_BASE_CLOCK_H

#include "base/others.h"
#include "base/runtime.h"

#if ALIYUN_IOT_HAS_VENDORS
// What the clock says, in UTC where the firmware knows it: milliseconds since 1970, to the second. 0 if the firmware has no
// such clock.
uint64_t clock_unix_ms(void);
// Adds " (this board's clock says …)" to a text: the date and the time. May raise.
void clock_print(const mp_print_t *print);
#endif
// The year that the clock says. May raise.
unsigned clock_year(void);

#endif
