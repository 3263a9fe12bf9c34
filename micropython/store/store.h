// Where a device's identity outlives the power: names and texts, as in the old firmware's module `kv`.
#ifndef ALIYUN_IOT_STORE_STORE_H
#define ALIYUN_IOT_STORE_STORE_H

#include "base/runtime.h"

typedef struct {
    mp_obj_t values; // a dict of names and texts
    mp_int_t sequence;
    size_t slot;
} store_t;

// Reads what is stored; nothing, if nothing is. Raises OSError if that cannot be known.
store_t store_read(void);
// Has `change` change the values that are stored, and writes them if it returns true: all of it or nothing, whenever the
// power goes. Nobody else reads or writes meanwhile. Raises OSError, and then all is as before.
void store_change(bool (*change)(mp_obj_t values, const mp_obj_t *arguments), const mp_obj_t *arguments);

#endif
