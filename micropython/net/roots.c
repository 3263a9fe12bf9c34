// The trust roots, built in. (natmod/split/roots.c reads them from a file.)

#include "net/roots.h"
#include "generated/roots_data.h"

#define USE(array, its_clouds) \
    if (clouds & (its_clouds)) { \
        use(context, mp_obj_new_bytes(array, sizeof(array))); \
    }

void roots_each(mp_obj_t context, unsigned clouds, roots_use_t use) {
    ALIYUN_IOT_ROOTS(USE)
    // They may all be left out.
    (void)context;
    (void)clouds;
    (void)use;
}
