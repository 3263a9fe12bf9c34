// In the place of upstream's mphalport.h, which in newer versions has macros that mpconfigqemu.h defines in another way.
#ifndef ALIYUN_IOT_QEMU_BOARD_HAL_H
#define ALIYUN_IOT_QEMU_BOARD_HAL_H

#include <stddef.h>
#include <stdint.h>
#include "shared/runtime/interrupt_char.h"
#ifdef QEMU_SOC_MPS2
#include "py/obj.h"
#include "mps2/pins.h"
#endif

// In random.c. MicroPython calls it for os.urandom since version 1.28.
void mp_hal_get_random(size_t n, uint8_t *buf);

// ---- Pins, for SoftI2C ----

#ifdef QEMU_SOC_MPS2
#define mp_hal_pin_obj_t uint32_t
#define MP_HAL_PIN_FMT "%u"
#define mp_hal_pin_name(pin) ((unsigned)(pin))
#define mp_hal_pin_open_drain(pin) ((void)(pin))
#define mp_hal_pin_od_low(pin) pin_write(pin, false)
#define mp_hal_pin_od_high(pin) pin_write(pin, true)
#define mp_hal_pin_read(pin) pin_read(pin)
#define mp_hal_delay_us_fast(us) mp_hal_delay_us(us)
mp_hal_pin_obj_t mp_hal_get_pin_obj(mp_obj_t pin);
#endif

#endif
