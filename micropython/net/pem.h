// PEM: certificates and keys as text (RFC 7468).
#ifndef ALIYUN_IOT_NET_PEM_H
#define ALIYUN_IOT_NET_PEM_H

#include "base/runtime.h"

// What is left to be read of a text.
typedef struct {
    const char *text, *end;
} pem_t;

// Whether the text is PEM.
bool pem_is(const pem_t *self);
// Whether `words` stand anywhere in the text.
bool pem_says(const pem_t *self, const char *words);
// Overwrites the content of a bytes object that Python code does not have.
void pem_wipe(mp_obj_t bytes);
// The bytes of the next part whose first line ends with `label`, or MP_OBJ_NULL. Raises ValueError if they are no base64.
mp_obj_t pem_next(pem_t *self, const char *label);

#endif
