// What ESP32 provides beside its wake-ups (../select/wake.c).

#include "base/port.h"
#include "py/mphal.h"
#ifndef NO_QSTR
#include "esp_random.h"
#endif

// MicroPython mounts its file system at the root.
#ifndef ALIYUN_IOT_STORE
#define ALIYUN_IOT_STORE "/aliyunkv"
#endif

uint32_t port_ticks_ms(void) {
    return mp_hal_ticks_ms();
}

uint32_t port_random(void) {
    return esp_random();
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
