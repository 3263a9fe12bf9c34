// What the binding gets of the other files of a split native module: the package's __init__.py has loaded the library and
// checked the file with the trust roots.
//
// The library's code stays in memory without a reference to it: MicroPython keeps the code of each native module, and its
// constants, until the next soft reset.

#include <string.h>

#include "natmod/split/package.h"

// A copy, so that nothing that a script does to the library's module reaches it. Like every variable of a native module it is
// zero at first, and lies where the collector looks.
core_calls_t core_calls;
mp_obj_t package_roots;

start_t package_take(mp_obj_t calls_in, mp_obj_t roots) {
    mp_buffer_info_t calls;
    mp_get_buffer_raise(calls_in, &calls, MP_BUFFER_READ);
    if (calls.len != sizeof(core_calls) || ((const core_calls_t *)calls.buf)->build != CORE_CALLS_BUILD) {
        return START_OTHER_BUILD;
    }
    memcpy(&core_calls, calls.buf, sizeof(core_calls));
    package_roots = roots;
    return START_OK;
}
