// Randomness, from the host of the emulator.

#include "board.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"

uint32_t host_random(void) {
    uint32_t random;
    return host_entropy((uint8_t *)&random, sizeof(random)) ? random : (uint32_t)clock_us() * 2654435761u;
}

void mp_hal_get_random(size_t n, uint8_t *buf) {
    if (!host_entropy(buf, n)) {
        mp_raise_OSError(MP_EIO);
    }
}
