// Where does the binding find the other files of a split native module? The package's __init__.py has loaded the library and
// checked the file with the trust roots, and keeps both in its globals.
//
// The library's code stays in memory without a reference to it: MicroPython keeps the code of each native module, and its
// constants, until the next soft reset.

#include <string.h>

#include "natmod/split/package.h"

// A copy, so that nothing that a script does to the library's module reaches it. Like every variable of a native module it is
// zero at first, and lies where the collector looks.
core_calls_t core_calls;
mp_obj_t package_roots;

void package_find(void) {
    mp_obj_t package = runtime_import(MP_QSTR_aliyunIoT);
    mp_buffer_info_t calls;
    mp_get_buffer_raise(mp_load_attr(mp_load_attr(package, MP_QSTR__core), MP_QSTR_calls), &calls, MP_BUFFER_READ);
    if (calls.len != sizeof(core_calls) || ((const core_calls_t *)calls.buf)->build != CORE_CALLS_BUILD) {
        mp_raise_msg(MP_OBJ_TO_PTR(runtime_builtin(MP_QSTR_ImportError)),
            "aliyunIoT: core_" ALIYUN_IOT_ARCH ".mpy and native_" ALIYUN_IOT_ARCH ".mpy are of different builds: install the package again");
    }
    memcpy(&core_calls, calls.buf, sizeof(core_calls));
    package_roots = mp_load_attr(package, MP_QSTR__roots);
}
