// PEM, which is taken apart here: firmware reads DER only.

#include "net/pem.h"

static const char begin[] = "-----BEGIN ";

static const char *find(const char *text, const char *end, const char *wanted) {
    size_t len = strlen(wanted);
    for (; (size_t)(end - text) >= len; text++) {
        if (memcmp(text, wanted, len) == 0) {
            return text;
        }
    }
    return NULL;
}

void pem_wipe(mp_obj_t bytes) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(bytes, &buffer, MP_BUFFER_READ);
    memset(buffer.buf, 0, buffer.len);
}

bool pem_says(const pem_t *self, const char *words) {
    return find(self->text, self->end, words) != NULL;
}

bool pem_is(const pem_t *self) {
    return pem_says(self, begin);
}

mp_obj_t pem_next(pem_t *self, const char *label) {
    const char *first;
    while ((first = find(self->text, self->end, begin)) != NULL) {
        first += sizeof(begin) - 1;
        const char *stop = find(first, self->end, "-----END");
        if (stop == NULL) {
            break;
        }
        self->text = stop;
        const char *line = first;
        while (line < stop && *line != '\n') {
            line++;
        }
        const char *content = find(first, line, label);
        if (content != NULL) {
            content += strlen(label);
            mp_obj_t base64 = mp_obj_new_bytes((const byte *)content, stop - content);
            mp_obj_t der = runtime_call(runtime_import(MP_QSTR_binascii), MP_QSTR_a2b_base64, 1, &base64);
            // It may be a key.
            pem_wipe(base64);
            return der;
        }
    }
    self->text = self->end;
    return MP_OBJ_NULL;
}
