// See pins.h.

#include "mps2/pins.h"

#define LED (*(volatile uint32_t *)0x40028000)

// Arm's SBCon, which has two lines and no more: bits are set by one register and cleared by the next.
typedef struct {
    volatile uint32_t SET, CLEAR;
} sbcon_t;
// The two shields, of which the second has what a command line of qemu attaches; audio, and the touch screen.
static sbcon_t *const buses[I2C_BUSES] = {
    (sbcon_t *)0x4002a000, (sbcon_t *)0x40029000, (sbcon_t *)0x40023000, (sbcon_t *)0x40022000,
};

static bool is_led(int32_t pin) {
    return pin >= PIN_LED_FIRST && pin < PIN_LED_FIRST + LEDS;
}

bool pin_exists(int32_t pin) {
    return is_led(pin) || (pin >= PIN_I2C_FIRST && pin < PIN_SCL(I2C_BUSES));
}

static sbcon_t *bus_of(uint32_t pin) {
    return buses[(pin - PIN_I2C_FIRST) / 2];
}

// SCL is bit 0 and SDA bit 1.
static uint32_t mask_of(uint32_t pin) {
    return 1u << (is_led(pin) ? pin - PIN_LED_FIRST : (pin - PIN_I2C_FIRST) % 2);
}

bool pin_read(uint32_t pin) {
    return (is_led(pin) ? LED : bus_of(pin)->SET) & mask_of(pin);
}

void pin_write(uint32_t pin, bool level) {
    uint32_t mask = mask_of(pin);
    if (is_led(pin)) {
        LED = level ? LED | mask : LED & ~mask;
    } else if (level) {
        bus_of(pin)->SET = mask;
    } else {
        bus_of(pin)->CLEAR = mask;
    }
}
