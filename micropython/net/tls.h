// TLS: whom does a device trust, and what does it prove itself with?
#ifndef ALIYUN_IOT_NET_TLS_H
#define ALIYUN_IOT_NET_TLS_H

#include "base/runtime.h"
#include "net/roots.h"

#define TLS_HINT_NO_TLS "does this port speak TLS?"
#define TLS_HINT_PROOF "does the server accept the device's certificate?"

// What the links of a device trust.
typedef struct {
    mp_obj_t ca;          // the user's trust root, or MP_OBJ_NULL
    mp_obj_t certificate; // the device's own in DER, or MP_OBJ_NULL
    mp_obj_t key;         // its key
    mp_obj_t context;     // the SSLContext, made once for a login: its roots take memory
    unsigned clouds;      // whose built-in roots are trusted, as in net/roots.h
} tls_t;

// Sets the user's trust root, in PEM or DER; none if `ca.data` is NULL.
void tls_set_ca(tls_t *self, aliyun_iot_bytes ca);
// Trusts the built-in roots of these clouds (net/roots.h). Those of no cloud, before.
void tls_set_clouds(tls_t *self, unsigned clouds);
// Sets what the device proves itself with, each in PEM or DER; both NULL: nothing. Comes after the other two. Raises ValueError,
// in the name of connect(), unless they are a certificate and its key.
void tls_set_certificate(tls_t *self, aliyun_iot_bytes certificate, aliyun_iot_bytes key);
// Whether the device shows a certificate of its own.
bool tls_proves(const tls_t *self);
// TLS over `socket`, for a server of that name; nothing is sent yet. Raises what the firmware raises.
mp_obj_t tls_wrap(tls_t *self, mp_obj_t socket, aliyun_iot_bytes host);
// Forgets the trust roots and the certificate, for another login.
void tls_forget(tls_t *self);
// What may be behind an error of mbedTLS in a handshake, or NULL. `proves`: the device shows a certificate of its own.
const char *tls_hint(int error, bool proves);
// Adds that the clock is wrong, if it is.
void tls_print_clock(const mp_print_t *print);

#endif
