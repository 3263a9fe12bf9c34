// The root certificate that a program over TLS trusts.
#ifndef BENCHES_TRUSTED_H
#define BENCHES_TRUSTED_H

#include <stdio.h>
#include <stdlib.h>

#include "tls_mbedtls.h"

static inline void trust_file(tls_mbedtls_config *config, const char *path) {
    static uint8_t root[16384];
    FILE *file = fopen(path, "rb");
    // mbedTLS reads a text up to its NUL.
    size_t len = file != NULL ? fread(root, 1, sizeof root - 1, file) + 1 : 0;
    if (len == 0 || tls_mbedtls_config_init(config, root, len) != 0) {
        fprintf(stderr, "%s has no trust root\n", path);
        exit(1);
    }
    fclose(file);
}

#endif
