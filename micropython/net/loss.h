// Why a link is lost, for ON_ERROR.
#ifndef ALIYUN_IOT_NET_LOSS_H
#define ALIYUN_IOT_NET_LOSS_H

#include "base/runtime.h"

typedef struct {
    mp_obj_t words; // str, or MP_OBJ_NULL if the core's words have to do
    int code;
} loss_t;

// Who was at work when a link was lost.
typedef enum {
    LOSS_OF_TCP,
    LOSS_OF_HANDSHAKE,
    LOSS_OF_PROOF, // a handshake in which the device shows a certificate of its own
    LOSS_OF_TLS,
} loss_of_t;

// Whether this is Ctrl-C, which strikes where the firmware waits: while it looks a name up, say.
bool loss_is_interrupt(mp_obj_t exception);
// Puts into words why a link is lost: `exception` is what Python code raised, or MP_OBJ_NULL if only `error` is known; 0 is
// the end of the stream. `before` says what was tried. Returns the number of the error for the core. Raises nothing.
int loss_describe(loss_t *self, loss_of_t of, const char *before, mp_obj_t exception, int error);

#endif
