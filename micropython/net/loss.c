// What do the errors of sockets and of TLS mean for people?

#include "base/others.h"
#include "generated/device_errors.h"
#include "net/loss.h"
#include "net/tls.h"

// How TLS numbers the end of the stream.
#define TLS_CONN_EOF (-0x7280)

bool loss_is_interrupt(mp_obj_t exception) {
    return exception != MP_OBJ_NULL && runtime_is_a(exception, &mp_type_KeyboardInterrupt);
}

// Appends what Python says of `what`. A certificate is refused with one reason a line: they become one line.
static void print_flat(const mp_print_t *print, mp_obj_t what) {
    vstr_t said;
    mp_print_t to_said;
    vstr_init_print(&said, 64, &to_said);
    mp_obj_print_helper(&to_said, what, PRINT_STR);
    const char *text = said.buf, *end = text + said.len, *gap = "";
    while (text < end) {
        const char *line = text;
        while (text < end && *text != '\n') {
            text++;
        }
        if (text > line) {
            mp_print_str(print, gap);
            print->print_strn(print->data, line, text - line);
            gap = "; ";
        }
        text++;
    }
}

// `before` says what was tried; `hint`, if not NULL, what may be behind it.
static void put_into_words(loss_t *self, int code, const char *before, mp_obj_t what, const char *hint) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        vstr_t words;
        mp_print_t print;
        vstr_init_print(&words, 64, &print);
        mp_print_str(&print, before);
        if (what != MP_OBJ_NULL) {
            mp_print_str(&print, ": ");
            print_flat(&print, what);
        }
        if (hint != NULL) {
            mp_printf(&print, " (%s)", hint);
        }
        if (code == ERROR_TLS) {
            tls_print_clock(&print);
        }
        runtime_store(&self->words, mp_obj_new_str_from_vstr(&words));
        nlr_pop();
    } else {
        self->words = MP_OBJ_NULL; // no memory for words: the core has some
    }
    self->code = code;
}

int loss_describe(loss_t *self, loss_of_t of, const char *before, mp_obj_t exception, int error) {
    self->words = MP_OBJ_NULL;
    self->code = ERROR_LINK;
    if (error == TLS_CONN_EOF || (error < 0 && error > -256)) {
        // TLS has a number of its own for the end of the stream, and gives the errors of its socket negated.
        error = error == TLS_CONN_EOF ? 0 : -error;
        exception = MP_OBJ_NULL;
    }
    if (error == MP_EPIPE) { // a write after the server has closed: MicroPython has no name for it
        error = 0;
        exception = MP_OBJ_NULL;
    }
    bool closed = error == MP_ECONNRESET || (error == 0 && exception == MP_OBJ_NULL);
    if (loss_is_interrupt(exception)) {
        put_into_words(self, ERROR_LINK, "interrupted", MP_OBJ_NULL, NULL);
    } else if (closed && (of == LOSS_OF_HANDSHAKE || of == LOSS_OF_PROOF)) {
        put_into_words(self, ERROR_TLS, "TLS: the server closed the connection during the handshake", MP_OBJ_NULL,
            ALIYUN_IOT_HAS_CERTIFICATES && of == LOSS_OF_PROOF ? TLS_HINT_PROOF : TLS_HINT_NO_TLS);
    } else if (exception != MP_OBJ_NULL || error != 0) {
        // What is not an error of a system's socket is one of TLS: negative numbers, or ValueError for certificates.
        bool tls = of != LOSS_OF_TCP && error <= 0;
        mp_obj_t what = exception != MP_OBJ_NULL ? exception : mp_obj_new_exception_arg1(&mp_type_OSError, MP_OBJ_NEW_SMALL_INT(error));
        put_into_words(self, tls ? ERROR_TLS : ERROR_LINK, tls ? "TLS" : before, what,
            !tls ? NULL : of == LOSS_OF_TLS ? "what passes was changed or cut off on its way" : tls_hint(error, of == LOSS_OF_PROOF));
    }
    return error;
}
