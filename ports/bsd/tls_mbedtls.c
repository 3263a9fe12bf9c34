#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/platform.h>
#include <mbedtls/version.h>
#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif

#include "roots_data.h"
#include "tls_mbedtls.h"

#include "bsd_sockets.h"

// The number has two names, by version.
#ifdef MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION
#define TLS_BAD_PROTOCOL_VERSION MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION
#else
#define TLS_BAD_PROTOCOL_VERSION MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION
#endif
// Bytes that one read of the socket may bring. mbedTLS asks for the five bytes of a record's header and then for its body;
// with this buffer, one read brings as many records as have come. An open link has it in memory from mbedtls_calloc; 0 leaves
// it out.
#ifndef TLS_MBEDTLS_READ_AHEAD
#define TLS_MBEDTLS_READ_AHEAD (4096)
#endif
// Any year before this one means that the clock has not been set.
#define YEAR_OF_THIS_LIBRARY (2026)

// ---- Bytes below TLS ----

static int socket_send(void *context, const unsigned char *data, size_t len) {
    tls_mbedtls *self = (tls_mbedtls *)context;
    ssize_t count = BSD_SOCKETS(send)(self->fd, data, len, MSG_NOSIGNAL);
    if (count >= 0) {
        return (int)count;
    }
    if (bsd_is_transient(errno)) {
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    }
    self->error = errno;
    return MBEDTLS_ERR_NET_SEND_FAILED;
}

static const size_t read_ahead = TLS_MBEDTLS_READ_AHEAD;

static int read_socket(tls_mbedtls *self, unsigned char *data, size_t room) {
    if (self->drained) {
        return MBEDTLS_ERR_SSL_WANT_READ; // poll() says when there is more
    }
    ssize_t count = BSD_SOCKETS(recv)(self->fd, data, room, 0);
    if (count >= 0) {
        self->drained = count > 0 && (size_t)count < room;
        return (int)count;
    }
    if (bsd_is_transient(errno)) {
        self->drained = true;
        return MBEDTLS_ERR_SSL_WANT_READ;
    }
    self->error = errno;
    return MBEDTLS_ERR_NET_RECV_FAILED;
}

static int socket_recv(void *context, unsigned char *data, size_t room) {
    tls_mbedtls *self = (tls_mbedtls *)context;
    if (self->ahead_len == 0) {
        if (room >= read_ahead) {
            return read_socket(self, data, room); // without a copy
        }
        int count = read_socket(self, self->ahead, read_ahead);
        if (count <= 0) {
            return count;
        }
        self->ahead_at = 0;
        self->ahead_len = (size_t)count;
    }
    size_t count = self->ahead_len < room ? self->ahead_len : room;
    memcpy(data, self->ahead + self->ahead_at, count);
    self->ahead_at += count;
    self->ahead_len -= count;
    return (int)count;
}

// ---- The functions of `bsd_tls` ----

static int result_of(int result) {
    switch (result) {
        case MBEDTLS_ERR_SSL_WANT_READ:
            return BSD_TLS_WANT_READ;
        case MBEDTLS_ERR_SSL_WANT_WRITE:
            return BSD_TLS_WANT_WRITE;
        default:
            return result;
    }
}

// Frees what an open link has.
static void release(tls_mbedtls *self) {
    mbedtls_ssl_free(&self->session);
    mbedtls_free(self->ahead);
    self->ahead = NULL;
    self->ahead_len = 0;
}

static int tls_open(bsd_tls *tls, int fd, const char *host) {
    tls_mbedtls *self = (tls_mbedtls *)tls;
    self->fd = fd;
    self->error = 0;
    self->proved = self->drained = false;
    mbedtls_ssl_init(&self->session);
    if (read_ahead > 0) {
        self->ahead = (uint8_t *)mbedtls_calloc(1, read_ahead);
        if (self->ahead == NULL) {
            return MBEDTLS_ERR_SSL_ALLOC_FAILED;
        }
    }
    int error = mbedtls_ssl_setup(&self->session, self->config);
    if (error != 0) {
        return error;
    }
    mbedtls_ssl_set_bio(&self->session, self, socket_send, socket_recv, NULL);
    return mbedtls_ssl_set_hostname(&self->session, host);
}

static int tls_handshake(bsd_tls *tls) {
    tls_mbedtls *self = (tls_mbedtls *)tls;
    self->drained = false;
    int result = result_of(mbedtls_ssl_handshake(&self->session));
    self->proved = result == 0;
    return result;
}

// Whether a read has bytes to begin with.
static bool has_bytes(const tls_mbedtls *self) {
    return self->ahead_len > 0 || mbedtls_ssl_check_pending(&self->session) != 0;
}

static bool tls_pending(bsd_tls *tls) {
    const tls_mbedtls *self = (const tls_mbedtls *)tls;
    return !self->drained || has_bytes(self);
}

static int tls_read(bsd_tls *tls, uint8_t *data, size_t room) {
    tls_mbedtls *self = (tls_mbedtls *)tls;
    // A call without bytes here is for bytes of the socket.
    self->drained = self->drained && has_bytes(self);
    int result = mbedtls_ssl_read(&self->session, data, room);
    bool ended = result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY || result == MBEDTLS_ERR_SSL_CONN_EOF;
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
    if (result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
        return BSD_TLS_WANT_READ;
    }
#endif
    return ended ? 0 : result_of(result);
}

static int tls_write(bsd_tls *tls, const uint8_t *data, size_t len) {
    return result_of(mbedtls_ssl_write(&((tls_mbedtls *)tls)->session, data, len));
}

static void tls_close(bsd_tls *tls) {
    tls_mbedtls *self = (tls_mbedtls *)tls;
    mbedtls_ssl_close_notify(&self->session);
    release(self);
}

// What mbedTLS says line by line, in one line; and whether the clock may be to blame.
static void refused(tls_mbedtls *self) {
    uint32_t flags = mbedtls_ssl_get_verify_result(&self->session);
    size_t used = (size_t)snprintf(self->words, sizeof self->words, "TLS: ");
    char *said = self->words + used;
#ifdef MBEDTLS_X509_REMOVE_INFO
    snprintf(said, sizeof self->words - used, "the server's certificate is refused, flags %#lx", (unsigned long)flags);
#else
    mbedtls_x509_crt_verify_info(said, sizeof self->words - used, "", flags);
    for (char *end = said + strlen(said); end > said && end[-1] == '\n';) {
        *--end = '\0';
    }
    for (char *line = said; (line = strchr(line, '\n')) != NULL;) {
        *line = ';';
    }
#endif
#ifdef MBEDTLS_HAVE_TIME_DATE
    time_t now = time(NULL);
    struct tm *date = gmtime(&now);
    if ((flags & (MBEDTLS_X509_BADCERT_FUTURE | MBEDTLS_X509_BADCERT_EXPIRED)) && date != NULL
        && date->tm_year + 1900 < YEAR_OF_THIS_LIBRARY) {
        used = strlen(self->words);
        snprintf(self->words + used, sizeof self->words - used, " (this device's clock says %d: set it first)",
            date->tm_year + 1900);
    }
#endif
}

static const char *tls_words(bsd_tls *tls, int error) {
    tls_mbedtls *self = (tls_mbedtls *)tls;
    if (self->error == ECONNRESET && !self->proved) {
        error = MBEDTLS_ERR_SSL_CONN_EOF;
    } else if (self->error != 0) {
        snprintf(self->words, sizeof self->words, "%s", bsd_error_words(self->error));
        return self->words;
    }
    switch (error) {
        case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
            refused(self);
            return self->words;
        case MBEDTLS_ERR_SSL_CONN_EOF:
            return "TLS: the server closed the connection during the handshake (does this port speak TLS?)";
        case MBEDTLS_ERR_SSL_INVALID_RECORD:
            return "TLS: not a record of TLS (does this port speak TLS?)";
        case TLS_BAD_PROTOCOL_VERSION:
            return "TLS: the server does not speak TLS 1.2 or newer";
        case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
            return "TLS: the server refused: it may not speak TLS 1.2 or newer, or none of the ciphers, or it asks for a certificate";
        default:
            break;
    }
    size_t used = (size_t)snprintf(self->words, sizeof self->words, "TLS: -0x%04x ", (unsigned)-error);
#ifdef MBEDTLS_ERROR_C
    mbedtls_strerror(error, self->words + used, sizeof self->words - used);
#endif
    return self->words;
}

// ---- Preparing ----

#define TRUST(array, clouds) { array, sizeof array },

static int trust_built_in(mbedtls_x509_crt *roots) {
    static const struct {
        const uint8_t *data;
        size_t len;
    } built_in[] = { ALIYUN_IOT_ROOTS(TRUST) { NULL, 0 } };
    for (size_t i = 0; built_in[i].data != NULL; i++) {
        int error = mbedtls_x509_crt_parse_der(roots, built_in[i].data, built_in[i].len);
        // mbedTLS may have been built without what one root is signed with; the others count.
        if (error != 0 && error != MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG && error != MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE) {
            return error;
        }
    }
    return 0;
}

static int trust(mbedtls_x509_crt *roots, const uint8_t *data, size_t len) {
    int result = mbedtls_x509_crt_parse(roots, data, len);
    // Above 0 it is how many of a bundle could not be read: those verify nothing, and the others count.
    return result > 0 ? 0 : result;
}

static void require_tls_1_2(mbedtls_ssl_config *config) {
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
    mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
}

int tls_mbedtls_config_init(tls_mbedtls_config *self, const uint8_t *roots, size_t len) {
    mbedtls_entropy_init(&self->entropy);
    mbedtls_ctr_drbg_init(&self->random);
    mbedtls_x509_crt_init(&self->roots);
    mbedtls_ssl_config_init(&self->config);

    int error = mbedtls_ctr_drbg_seed(&self->random, mbedtls_entropy_func, &self->entropy, NULL, 0);
#if MBEDTLS_VERSION_MAJOR >= 3 && defined(MBEDTLS_PSA_CRYPTO_C)
    error = error != 0 ? error : (int)psa_crypto_init();
#endif
    if (error == 0) {
        error = roots == NULL ? trust_built_in(&self->roots) : trust(&self->roots, roots, len);
    }
    if (error == 0) {
        error = mbedtls_ssl_config_defaults(&self->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
            MBEDTLS_SSL_PRESET_DEFAULT);
    }
    if (error != 0) {
        return error;
    }
    mbedtls_ssl_conf_authmode(&self->config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&self->config, &self->roots, NULL);
    mbedtls_ssl_conf_rng(&self->config, mbedtls_ctr_drbg_random, &self->random);
    require_tls_1_2(&self->config);
    return 0;
}

void tls_mbedtls_config_free(tls_mbedtls_config *self) {
    mbedtls_ssl_config_free(&self->config);
    mbedtls_x509_crt_free(&self->roots);
    mbedtls_ctr_drbg_free(&self->random);
    mbedtls_entropy_free(&self->entropy);
}

void tls_mbedtls_init(tls_mbedtls *self, const tls_mbedtls_config *config) {
    memset(self, 0, sizeof *self);
    self->tls.open = tls_open;
    self->tls.handshake = tls_handshake;
    self->tls.read = tls_read;
    self->tls.write = tls_write;
    self->tls.pending = tls_pending;
    self->tls.close = tls_close;
    self->tls.words = tls_words;
    self->config = &config->config;
    mbedtls_ssl_init(&self->session);
}

void tls_mbedtls_free(tls_mbedtls *self) {
    release(self);
}
