// What a board with lwIP provides beside its wake-ups (wake.c). All of it is weak: a port that knows better has its own.

#include <string.h>

#include "base/port.h"
#include "py/mphal.h"
#include "py/runtime.h"

// Where the board has the file system that it boots from: stm32 mounts it below the root.
#ifndef ALIYUN_IOT_STORE
#ifdef STM32_HAL_H
#define ALIYUN_IOT_STORE "/flash/aliyunkv"
#else
#define ALIYUN_IOT_STORE "/aliyunkv"
#endif
#endif

// `os.urandom(4)`, which boards with a source of randomness have, whatever it is.
static bool from_the_system(uint32_t *random) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t urandom[3];
        mp_load_method(mp_import_name(MP_QSTR_os, mp_const_none, MP_OBJ_NEW_SMALL_INT(0)), MP_QSTR_urandom, urandom);
        urandom[2] = MP_OBJ_NEW_SMALL_INT(sizeof(*random));
        mp_buffer_info_t bytes;
        mp_get_buffer_raise(mp_call_method_n_kw(1, 0, urandom), &bytes, MP_BUFFER_READ);
        bool is_enough = bytes.len >= sizeof(*random);
        if (is_enough) {
            memcpy(random, bytes.buf, sizeof(*random));
        }
        nlr_pop();
        return is_enough;
    }
    return false;
}

MP_WEAK uint32_t port_random(void) {
    uint32_t random;
    // Without a source, the time since the start differs at least a little from board to board.
    return from_the_system(&random) ? random : mp_hal_ticks_cpu() ^ mp_hal_ticks_us() << 16;
}

MP_WEAK const char *port_endpoint(bool https) {
    (void)https;
    return NULL;
}

MP_WEAK const char *port_roots_file(void) {
    return NULL;
}

MP_WEAK const char *port_store(void) {
    return ALIYUN_IOT_STORE;
}
