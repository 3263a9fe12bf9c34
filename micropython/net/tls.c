// TLS, which the firmware's own `tls` module does: whom does a device trust, and what do its errors mean? The device's own
// certificate is net/certificate.c's.

#include <string.h>

#include "base/clock.h"
#include "base/port.h"
#include "net/certificate.h"
#include "net/pem.h"
#include "net/roots.h"
#include "net/tls.h"

// Any year before this one means that the clock has not been set.
#define YEAR_OF_THIS_LIBRARY (2026)
// Numbers of mbedTLS that deserve better words than its own.
#define TLS_INVALID_RECORD (-0x7200)
#define TLS_BAD_PROTOCOL_VERSION (-0x6e80)
#define TLS_FATAL_ALERT (-0x7780)

// ---- Errors ----

// What a number of mbedTLS means for people.
#define TLS_HINT_REFUSED "the server refused: it may not speak TLS 1.2 or newer, or none of the ciphers" \
    IF_CERTIFICATES(", or it asks for a certificate")
#if ALIYUN_IOT_HAS_CERTIFICATES
#define IF_CERTIFICATES(words) words
#else
#define IF_CERTIFICATES(words)
#endif

const char *tls_hint(int error, bool proves) {
    switch (error) {
        case TLS_INVALID_RECORD:
            return TLS_HINT_NO_TLS;
        case TLS_BAD_PROTOCOL_VERSION:
            return "the server does not speak TLS 1.2 or newer";
        case TLS_FATAL_ALERT:
            return ALIYUN_IOT_HAS_CERTIFICATES && proves ? TLS_HINT_PROOF : TLS_HINT_REFUSED;
        default:
            return NULL;
    }
}

void tls_print_clock(const mp_print_t *print) {
    unsigned year = clock_year();
    if (year < YEAR_OF_THIS_LIBRARY) {
        mp_printf(print, " (this board's clock says %u: set it first)", year);
    }
}

// ---- What is trusted ----

// Adds one certificate in DER to what `context` trusts; false if the firmware cannot read it. No memory, or Ctrl-C, says
// nothing of the certificate.
static bool trust_one(mp_obj_t context, mp_obj_t der) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_call(context, MP_QSTR_load_verify_locations, 1, &der);
        nlr_pop();
        return true;
    }
    mp_obj_t exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    if (!runtime_is_a(exception, &mp_type_ValueError) && !runtime_is_a(exception, &mp_type_OSError)) {
        nlr_jump(nlr.ret_val);
    }
    return false;
}

// Adds the certificates in `data`, PEM or DER; returns how many. PEM is taken apart here, since firmware reads DER only;
// a root in a bundle that it cannot read verifies nothing, and the others count.
static size_t trust(mp_obj_t context, mp_obj_t data) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(data, &buffer, MP_BUFFER_READ);
    pem_t pem = { buffer.buf, (const char *)buffer.buf + buffer.len };
    if (!pem_is(&pem)) {
        return trust_one(context, data);
    }
    size_t count = 0;
    for (mp_obj_t der; (der = pem_next(&pem, "CERTIFICATE-----")) != MP_OBJ_NULL;) {
        count += trust_one(context, der);
    }
    return count;
}

// An SSLContext that verifies: the chain up to one of the roots, the name, and whatever dates the firmware checks.
static mp_obj_t context(tls_t *self) {
    if (self->context != MP_OBJ_NULL) {
        return self->context;
    }
    mp_obj_t tls = runtime_import(MP_QSTR_tls);
    mp_obj_t protocol = mp_load_attr(tls, MP_QSTR_PROTOCOL_TLS_CLIENT);
    mp_obj_t made = runtime_call(tls, MP_QSTR_SSLContext, 1, &protocol);
    mp_store_attr(made, MP_QSTR_verify_mode, mp_load_attr(tls, MP_QSTR_CERT_REQUIRED));
    if (self->ca != MP_OBJ_NULL) {
        if (trust(made, self->ca) == 0) {
            mp_raise_ValueError(MP_ERROR_TEXT("'ca' is no certificate, neither PEM nor DER"));
        }
    } else {
        roots_each(made, self->clouds, trust_one);
    }
    #if ALIYUN_IOT_HAS_CERTIFICATES
    if (self->certificate != MP_OBJ_NULL) {
        certificate_use(made, self->certificate, self->key);
    }
    #endif
    const char *path = port_roots_file();
    if (path != NULL) {
        mp_obj_t file = runtime_open(runtime_words(path), MP_QSTR_rb);
        mp_obj_t data = runtime_call(file, MP_QSTR_read, 0, NULL);
        runtime_call(file, MP_QSTR_close, 0, NULL);
        trust(made, data);
    }
    runtime_store(&self->context, made);
    return made;
}

void tls_set_ca(tls_t *self, aliyun_iot_bytes ca) {
    runtime_store(&self->ca, ca.data == NULL ? MP_OBJ_NULL : mp_obj_new_bytes(ca.data, ca.len));
}

void tls_set_clouds(tls_t *self, unsigned clouds) {
    self->clouds = clouds;
}

void tls_set_certificate(tls_t *self, aliyun_iot_bytes certificate, aliyun_iot_bytes key) {
    tls_forget(self);
    #if ALIYUN_IOT_HAS_CERTIFICATES
    if (certificate_read(certificate, key, &self->certificate, &self->key)) {
        // What the firmware cannot read is an error of connect(), not of each attempt.
        context(self);
    }
    #else
    (void)certificate;
    (void)key;
    #endif
}

bool tls_proves(const tls_t *self) {
    return ALIYUN_IOT_HAS_CERTIFICATES && self->certificate != MP_OBJ_NULL;
}

void tls_forget(tls_t *self) {
    if (self->key != MP_OBJ_NULL) {
        pem_wipe(self->key);
    }
    self->certificate = self->key = MP_OBJ_NULL;
    self->context = MP_OBJ_NULL;
}

mp_obj_t tls_wrap(tls_t *self, mp_obj_t socket, aliyun_iot_bytes host) {
    mp_obj_t call_wrap[2 + 1 + 4];
    mp_load_method(context(self), MP_QSTR_wrap_socket, call_wrap);
    call_wrap[2] = socket;
    call_wrap[3] = MP_OBJ_NEW_QSTR(MP_QSTR_server_hostname);
    call_wrap[4] = runtime_text(host);
    call_wrap[5] = MP_OBJ_NEW_QSTR(MP_QSTR_do_handshake_on_connect);
    call_wrap[6] = mp_const_false;
    return mp_call_method_n_kw(1, 2, call_wrap);
}
