// The device's own certificate and key, as X.509 (RFC 5280), PKCS #1 (RFC 8017), PKCS #8 (RFC 5208) and SEC 1 (RFC 5915) write
// them. The firmware proves the key in the handshake; it does not see that the key is another certificate's, and the server's
// refusal would not say so.

#include "net/certificate.h"
#include "net/pem.h"

#if ALIYUN_IOT_HAS_CERTIFICATES

// ---- DER ----

#define DER_INTEGER (0x02)
#define DER_BIT_STRING (0x03)
#define DER_OCTET_STRING (0x04)
#define DER_SEQUENCE (0x30)
#define DER_PARAMETERS (0xa0)
#define DER_PUBLIC_KEY (0xa1)

typedef struct {
    const byte *at, *end;
} der_t;

// Reads the value that comes next and returns its tag, or 0 at the end and of what is no DER.
static int der_next(der_t *self, der_t *value) {
    if (self->end - self->at < 2) {
        return 0;
    }
    int tag = self->at[0];
    size_t len = self->at[1];
    self->at += 2;
    if (len & 0x80) {
        size_t count = len & 0x7f;
        if (count > 2 || (size_t)(self->end - self->at) < count) {
            return 0;
        }
        for (len = 0; count > 0; count--) {
            len = len << 8 | *self->at++;
        }
    }
    if ((size_t)(self->end - self->at) < len) {
        return 0;
    }
    value->at = self->at;
    self->at = value->end = self->at + len;
    return tag;
}

// Finds what a private key says of the public one: RSA's modulus, or the point of an elliptic curve. False if it says nothing.
static bool public_part(der_t key, der_t *found) {
    der_t fields, value;
    // PKCS #8 has one of the others in an octet string.
    for (int depth = 0; depth < 2 && der_next(&key, &fields) == DER_SEQUENCE && der_next(&fields, &value) == DER_INTEGER; depth++) {
        int tag = der_next(&fields, &value);
        if (tag == DER_INTEGER) {
            *found = value;
            return true;
        }
        if (tag == DER_OCTET_STRING) {
            while ((tag = der_next(&fields, &value)) == DER_PARAMETERS) {
            }
            return tag == DER_PUBLIC_KEY && der_next(&value, found) == DER_BIT_STRING;
        }
        if (tag != DER_SEQUENCE || der_next(&fields, &key) != DER_OCTET_STRING) {
            break;
        }
    }
    return false;
}

static der_t der_of(mp_obj_t bytes) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(bytes, &buffer, MP_BUFFER_READ);
    return (der_t) { buffer.buf, (const byte *)buffer.buf + buffer.len };
}

static bool belongs_to(mp_obj_t key, mp_obj_t certificate) {
    der_t part, all = der_of(certificate);
    if (!public_part(der_of(key), &part)) {
        return true; // as far as can be seen
    }
    size_t len = part.end - part.at;
    for (; (size_t)(all.end - all.at) >= len; all.at++) {
        if (memcmp(all.at, part.at, len) == 0) {
            return true;
        }
    }
    return false;
}

// ---- The two ----

// What `data` has behind `label`, or is as DER; MP_OBJ_NULL if it is neither.
static mp_obj_t read_one(pem_t *data, const char *label) {
    if (pem_is(data)) {
        return pem_next(data, label);
    }
    size_t len = data->end - data->text;
    return len > 0 && (byte)data->text[0] == DER_SEQUENCE ? mp_obj_new_bytes((const byte *)data->text, len) : MP_OBJ_NULL;
}

static pem_t text_of(aliyun_iot_bytes data) {
    return (pem_t) { (const char *)data.data, (const char *)data.data + data.len };
}

bool certificate_read(aliyun_iot_bytes certificate, aliyun_iot_bytes key, mp_obj_t *certificate_out, mp_obj_t *key_out) {
    if (certificate.data == NULL && key.data == NULL) {
        return false;
    }
    if (certificate.data == NULL || key.data == NULL) {
        if (certificate.data == NULL) {
            mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'key' is given without 'cert'"));
        }
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'cert' is given without 'key'"));
    }
    pem_t certificates = text_of(certificate), keys = text_of(key);
    mp_obj_t first = read_one(&certificates, "CERTIFICATE-----");
    if (first == MP_OBJ_NULL) {
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'cert' is no certificate, neither PEM nor DER"));
    }
    if (pem_next(&certificates, "CERTIFICATE-----") != MP_OBJ_NULL) {
        // The firmware reads one certificate in DER, and most firmware reads no PEM.
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'cert' holds several certificates; give the device's own alone"));
    }
    if (pem_says(&keys, "ENCRYPTED")) {
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'key' is encrypted; give it without a pass phrase"));
    }
    mp_obj_t own = read_one(&keys, "PRIVATE KEY-----");
    if (own == MP_OBJ_NULL) {
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'key' is no private key, neither PEM nor DER"));
    }
    if (!belongs_to(own, first)) {
        pem_wipe(own);
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'key' is not the key of 'cert'"));
    }
    *certificate_out = first;
    *key_out = own;
    return true;
}

void certificate_use(mp_obj_t context, mp_obj_t certificate, mp_obj_t key) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t pair[2] = { certificate, key };
        runtime_call(context, MP_QSTR_load_cert_chain, 2, pair);
        nlr_pop();
        return;
    }
    mp_obj_t exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    if (!runtime_is_a(exception, &mp_type_ValueError)) {
        nlr_jump(nlr.ret_val);
    }
    // It does not say which of the two it cannot read. The certificate alone can be read as a root.
    if (nlr_push(&nlr) == 0) {
        runtime_call(context, MP_QSTR_load_verify_locations, 1, &certificate);
        nlr_pop();
        mp_raise_ValueError(MP_ERROR_TEXT("connect(): the firmware cannot read 'key'"));
    }
    mp_raise_ValueError(MP_ERROR_TEXT("connect(): the firmware cannot read 'cert'"));
}

#endif
