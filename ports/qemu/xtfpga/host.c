// What the host of the emulator lends by its own calls, since the board has neither a clock nor a source of randomness.
// This is for the emulator only.

#include <string.h>

#include "board.h"
#include "xtfpga/processor.h"

#define ENTROPY_FILE "/dev/urandom"
#define ARGUMENTS_MAX (8)

// The number in `name=number` among what the emulator was started with.
uint32_t host_number(const char *name, uint32_t otherwise) {
    static union {
        const char *argv[ARGUMENTS_MAX + 1];
        char text[512];
    } arguments;
    static int32_t count;
    if (count == 0) {
        count = simcall(SIMCALL_ARGC, 0, 0, 0);
        if (count > 0 && count <= ARGUMENTS_MAX) {
            simcall(SIMCALL_ARGV, (uintptr_t)&arguments, 0, 0);
        } else {
            count = -1;
        }
    }
    size_t len = strlen(name);
    for (int32_t i = 0; i < count; i++) {
        if (strncmp(arguments.argv[i], name, len) == 0 && arguments.argv[i][len] == '=') {
            uint32_t number = 0;
            for (const char *digit = arguments.argv[i] + len + 1; *digit != '\0'; digit++) {
                number = number * 10 + (*digit - '0');
            }
            return number;
        }
    }
    return otherwise;
}

// The emulator has no call for the time: run.py says when it started.
uint32_t host_seconds(void) {
    return host_number("seconds", 0);
}

bool host_entropy(uint8_t *bytes, size_t len) {
    static int32_t file = -1;
    if (file < 0) {
        file = simcall(SIMCALL_OPEN, (uintptr_t)ENTROPY_FILE, 0, 0);
    }
    return file >= 0 && simcall(SIMCALL_READ, file, (uintptr_t)bytes, len) == (int32_t)len;
}
