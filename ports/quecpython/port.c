// What Quectel's modules provide beside their wake-ups (../select/wake.c).

#include "base/port.h"
#include "py/mphal.h"

// MicroPython mounts its file system at /usr.
#ifndef ALIYUN_IOT_STORE
#define ALIYUN_IOT_STORE "/usr/aliyunkv"
#endif

uint32_t port_ticks_ms(void) {
    return mp_hal_ticks_ms();
}

// It spreads reconnects: the times of two modules differ at least a little.
uint32_t port_random(void) {
    static uint32_t state;
    state = (state ^ (uint32_t)mp_hal_ticks_cpu() ^ (uint32_t)mp_hal_ticks_us() << 16) * 1664525u + 1013904223u;
    return state;
}

const char *port_endpoint(bool https) {
    (void)https;
    return NULL;
}

const char *port_roots_file(void) {
    return NULL;
}

const char *port_store(void) {
    return ALIYUN_IOT_STORE;
}
