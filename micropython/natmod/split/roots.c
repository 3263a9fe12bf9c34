// The trust roots of a split native module: in a file of the package. As a part of the module they would occupy 5 kB of the
// heap for good, and they are needed only while a TLS context is made.

#include "natmod/split/package.h"
#include "net/roots.h"

// Reads `len` bytes; false at the end of the file.
static bool read(mp_obj_t file, byte *to, size_t len) {
    mp_obj_t buffer = mp_obj_new_bytearray_by_ref(len, to);
    return runtime_call(file, MP_QSTR_readinto, 1, &buffer) == MP_OBJ_NEW_SMALL_INT(len);
}

void roots_each(mp_obj_t context, unsigned clouds, roots_use_t use) {
    mp_obj_t file = runtime_open(package_roots, MP_QSTR_rb);
    // natmod/roots.py writes before each certificate how long it is and whose, and 0 at the end.
    byte *head = m_new(byte, 3);
    size_t len;
    while (read(file, head, 3) && (len = head[0] | head[1] << 8) != 0) {
        byte *der = m_new(byte, len);
        if (!read(file, der, len)) {
            break;
        }
        if (clouds & head[2]) {
            use(context, mp_obj_new_bytes(der, len));
        }
    }
    runtime_call(file, MP_QSTR_close, 0, NULL);
}
