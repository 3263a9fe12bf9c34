// What a platform provides (base/port.h), of which a native module gets nothing: asked of Python's modules. Wake-ups are in wake.c.

#include <string.h>

#include "base/port.h"
#include "base/runtime.h"

uint32_t port_ticks_ms(void) {
    runtime_state_t *state = runtime_state();
    mp_uint_t ticks = MP_OBJ_SMALL_INT_VALUE(mp_call_function_n_kw(state->ticks_ms, 0, 0, NULL));
    #if UINTPTR_MAX > 0xffffffff
    return (uint32_t)ticks;
    #else
    // It wraps where small integers end, not where the core expects it.
    if (ticks < state->ticks_before) {
        state->ticks_more += (uint32_t)MP_SMALL_INT_MAX + 1;
    }
    state->ticks_before = ticks;
    return state->ticks_more + ticks;
    #endif
}

uint32_t port_random(void) {
    uint32_t random = port_ticks_ms();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t size = MP_OBJ_NEW_SMALL_INT(sizeof(random));
        mp_buffer_info_t bytes;
        mp_get_buffer_raise(runtime_call(runtime_import(MP_QSTR_os), MP_QSTR_urandom, 1, &size), &bytes, MP_BUFFER_READ);
        memcpy(&random, bytes.buf, bytes.len < sizeof(random) ? bytes.len : sizeof(random));
        nlr_pop();
    }
    // Without a source of randomness devices that start together stay together; that is all.
    return random;
}

// What an environment variable says, or MP_OBJ_NULL: boards have none.
static mp_obj_t environment(qstr name) {
    mp_obj_t getenv[3];
    mp_load_method_maybe(runtime_import(MP_QSTR_os), MP_QSTR_getenv, getenv);
    if (getenv[0] == MP_OBJ_NULL) {
        return MP_OBJ_NULL;
    }
    getenv[2] = MP_OBJ_NEW_QSTR(name);
    mp_obj_t value = mp_call_method_n_kw(1, 0, getenv);
    return mp_obj_is_true(value) ? value : MP_OBJ_NULL;
}

const char *port_endpoint(bool https) {
    runtime_state_t *state = runtime_state();
    state->endpoint = environment(https ? MP_QSTR_ALIYUN_IOT_HTTPS_ENDPOINT : MP_QSTR_ALIYUN_IOT_ENDPOINT);
    return state->endpoint == MP_OBJ_NULL ? NULL : mp_obj_str_get_str(state->endpoint);
}

static bool exists(mp_obj_t path) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_call(runtime_import(MP_QSTR_os), MP_QSTR_stat, 1, &path);
        nlr_pop();
        return true;
    }
    return false;
}

const char *port_roots_file(void) {
    runtime_state_t *state = runtime_state();
    state->roots_file = environment(MP_QSTR_SSL_CERT_FILE);
    if (state->roots_file == MP_OBJ_NULL || !exists(state->roots_file)) {
        return NULL;
    }
    return mp_obj_str_get_str(state->roots_file);
}

// On a computer, in the home of whoever runs the script. Boards have the file system that they booted from at `/`, or else
// below it and as their directory to begin with.
const char *port_store(void) {
    runtime_state_t *state = runtime_state();
    state->store = environment(MP_QSTR_ALIYUN_IOT_STORE);
    if (state->store == MP_OBJ_NULL && state->linux) {
        mp_obj_t home = environment(MP_QSTR_HOME);
        state->store = port_store_in_home(home == MP_OBJ_NULL ? NULL : mp_obj_str_get_str(home));
    }
    return state->store == MP_OBJ_NULL ? "aliyunkv" : mp_obj_str_get_str(state->store);
}
