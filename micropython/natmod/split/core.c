// The library as a native module of its own, core_<arch>.mpy: half of a split module. It hands out the table through which the
// other half, the binding, calls the library. Both halves are smaller than the whole module, and each needs one piece of memory.

#include "py/dynruntime.h"

#include "aliyun_iot.h"
#include "generated/core_calls.h"

#define ENTRY(name) name,
static const core_calls_t calls = { CORE_CALLS_BUILD, CORE_CALLS(ENTRY) };

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
    MP_DYNRUNTIME_INIT_ENTRY
    (void)n_args;
    (void)n_kw;
    (void)args;
    mp_store_global(MP_QSTR_calls, mp_obj_new_bytearray_by_ref(sizeof(calls), (void *)&calls));
    MP_DYNRUNTIME_INIT_EXIT
}
