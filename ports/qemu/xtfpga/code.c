// Memory for native code, apart from data as on an ESP32: it takes no more than CODE_SIZE, and only its words can be read.

#include <string.h>

#include "board.h"
#include "xtfpga/processor.h"
#include "py/gc.h"
#include "py/persistentcode.h"
#include "py/runtime.h"

// Attributes of the region: for data readable and writable, or neither.
#define ACCESS_DATA (2)
#define ACCESS_NONE (15)

// What the handler of prohibited reads reads instead.
uint32_t code_readable[CODE_SIZE / 4];
static size_t used;

void *board_commit_code(void *code, size_t len, void *relocations) {
    size_t size = (len + 3) & ~(size_t)3;
    if (size > CODE_SIZE - used) {
        m_malloc_fail(len);
    }
    void *at = (void *)(CODE_BASE + used);
    if (relocations != NULL) {
        mp_native_relocate(relocations, code, (uintptr_t)at);
    }
    memcpy((uint8_t *)code_readable + used, code, len);
    code_access(ACCESS_DATA);
    memcpy(at, (uint8_t *)code_readable + used, size);
    code_access(ACCESS_NONE);
    used += size;
    return at;
}

size_t code_used(void) {
    return used;
}

void board_reset_code(void) {
    used = 0;
}
