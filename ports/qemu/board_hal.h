// In the place of upstream's mphalport.h, which in newer versions has macros that mpconfigqemu.h defines in another way.
#ifndef ALIYUN_IOT_QEMU_BOARD_HAL_H
#define ALIYUN_IOT_QEMU_BOARD_HAL_H

#include <stddef.h>
#include <stdint.h>
#include "shared/runtime/interrupt_char.h"

// In random.c. MicroPython calls it for os.urandom since version 1.28.
void mp_hal_get_random(size_t n, uint8_t *buf);

#endif
