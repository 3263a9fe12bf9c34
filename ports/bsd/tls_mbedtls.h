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

// What all links of a program share: trust roots, settings, and random numbers. Its memory is the caller's and must not
// move while a link uses it. Links may use it from several threads if mbedTLS was built with MBEDTLS_THREADING_C; else
// each thread needs one of its own.
typedef struct tls_mbedtls_config {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt roots;
    mbedtls_ssl_config config;
} tls_mbedtls_config;

// Prepares what links share. `roots` are the certificates to trust in place of those that are built in (Alibaba's and
// GlobalSign's): PEM with the NUL at its end counted in `len`, or one in DER; NULL for those that are built in. Returns 0,
// or an error of mbedTLS; call tls_mbedtls_config_free in either case.
int tls_mbedtls_config_init(tls_mbedtls_config *self, const uint8_t *roots, size_t len);

// Frees what links share; after tls_mbedtls_free of each.
void tls_mbedtls_config_free(tls_mbedtls_config *self);

// TLS of one link. Its memory is the caller's and must not move. While a link is open, mbedTLS has memory from
// mbedtls_calloc besides: two record buffers above all. It is allocated when the link opens, and freed when the link closes.
typedef struct tls_mbedtls {
    bsd_tls tls; // what bsd_port_init takes
    const mbedtls_ssl_config *config;
    mbedtls_ssl_context session;
    uint8_t *ahead; // bytes of the socket that mbedTLS has not asked for yet
    size_t ahead_at, ahead_len;
    int fd;
    int error;    // of the socket
    bool proved;  // the server is who it should be
    bool drained; // the last read of the socket brought less than it could have
    char words[192];
} tls_mbedtls;

// Prepares the TLS of a link. It allocates nothing and cannot fail.
void tls_mbedtls_init(tls_mbedtls *self, const tls_mbedtls_config *config);

// Frees everything, if anything is left; after bsd_port_close.
void tls_mbedtls_free(tls_mbedtls *self);

#ifdef __cplusplus
}
#endif

#endif
