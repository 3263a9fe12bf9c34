// TLS for the port over BSD sockets, by mbedTLS 2.28 or 3: TLS 1.2 or newer, the chain verified up to a trust root, the
// name verified, and the dates wherever mbedTLS was built with a clock (MBEDTLS_HAVE_TIME_DATE). Nothing turns that
// off.
#ifndef ALIYUN_IOT_BSD_TLS_MBEDTLS_H
#define ALIYUN_IOT_BSD_TLS_MBEDTLS_H

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>

#include "bsd_port.h"

#ifdef __cplusplus
extern "C" {
#endif

// One device's TLS. Its memory is the caller's and must not move; what mbedTLS allocates (its record buffers above all)
// it allocates with mbedtls_calloc, in tls_mbedtls_init and during handshakes.
typedef struct tls_mbedtls {
    bsd_tls tls; // what bsd_port_init takes
    int fd;
    int error;   // of the socket
    bool proved; // the server is who it should be
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt roots;
    mbedtls_ssl_config config;
    mbedtls_ssl_context session;
    char words[192];
} tls_mbedtls;

// Prepares TLS. `roots` are the certificates to trust in place of those that are built in (Alibaba's and GlobalSign's):
// PEM with the NUL at its end counted in `len`, or one in DER; NULL for those that are built in. Returns 0, or an error
// of mbedTLS; call tls_mbedtls_free in either case.
int tls_mbedtls_init(tls_mbedtls *self, const uint8_t *roots, size_t len);

// Lets go of everything; after bsd_port_close.
void tls_mbedtls_free(tls_mbedtls *self);

#ifdef __cplusplus
}
#endif

#endif
