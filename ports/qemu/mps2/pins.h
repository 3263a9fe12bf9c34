// The lines of the MPS2 boards that qemu has something at: two LEDs, and the clock and data of four I2C buses. (Its GPIO
// controllers and push buttons are empty places.)
#ifndef ALIYUN_IOT_QEMU_PINS_H
#define ALIYUN_IOT_QEMU_PINS_H

#include <stdbool.h>
#include <stdint.h>

#define PIN_LED_FIRST (2)
#define LEDS (2)
#define PIN_I2C_FIRST (10)
#define I2C_BUSES (4)
#define PIN_SCL(bus) (PIN_I2C_FIRST + 2 * (bus))
#define PIN_SDA(bus) (PIN_SCL(bus) + 1)

// Whether there is such a pin: 2 and 3 are the LEDs, as `led` in the board.json of examples/haas.
bool pin_exists(int32_t pin);
bool pin_read(uint32_t pin);
// An I2C line that is written 1 is released.
void pin_write(uint32_t pin, bool level);

#endif
