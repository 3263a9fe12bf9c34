// The binding's side of a split native module: where it finds the library.

#include <string.h>

#include "natmod/split/calls.h"

// A copy, so that nothing that a script does to the other module changes it. (Zeros before, as all that a native module may
// have.)
core_calls_t core_calls;

void calls_find(void) {
    // The package has imported the library, and keeps it under this name.
    mp_obj_t core = mp_load_attr(runtime_import(MP_QSTR_aliyunIoT), MP_QSTR__core);
    mp_buffer_info_t found;
    mp_get_buffer_raise(mp_load_attr(core, MP_QSTR_calls), &found, MP_BUFFER_READ);
    if (found.len != sizeof(core_calls) || ((const core_calls_t *)found.buf)->build != CORE_CALLS_BUILD) {
        mp_raise_msg(MP_OBJ_TO_PTR(runtime_builtin(MP_QSTR_ImportError)),
            "aliyunIoT: core_" ALIYUN_IOT_ARCH ".mpy and native_" ALIYUN_IOT_ARCH ".mpy are of different builds: install the package again");
    }
    memcpy(&core_calls, found.buf, sizeof(core_calls));
}
