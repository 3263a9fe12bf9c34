// The console, for errors that the script has left unheard.

#include "base/console.h"
#include "generated/device_errors.h"

// Whether the line that was shown last says the same. Of messages that were dropped each says how many there were.
static bool is_shown(const console_t *self, int code, mp_obj_t words) {
    return self->words != MP_OBJ_NULL && self->code == code
        && (code == ERROR_OVERSIZE || mp_binary_op(MP_BINARY_OP_EQUAL, self->words, words) == mp_const_true);
}

// Some of it may be a server's words: control characters would reach the terminal.
static void add_plain(vstr_t *line, mp_obj_t words) {
    size_t len;
    const char *text = mp_obj_str_get_data(words, &len);
    for (size_t i = 0; i < len; i++) {
        byte letter = text[i];
        // UTF-8 has the other control characters as 0xc2 and one of 32 bytes.
        bool is_c1 = i + 1 < len && letter == 0xc2 && (byte)text[i + 1] < 0xa0;
        vstr_add_byte(line, letter < ' ' || letter == 0x7f || is_c1 ? '?' : letter);
        i += is_c1;
    }
}

void console_error(console_t *self, mp_obj_t name, int code, mp_obj_t words) {
    if (is_shown(self, code, words)) {
        return;
    }
    self->code = code;
    self->words = words;
    vstr_t line;
    vstr_init(&line, 96);
    vstr_printf(&line, "aliyunIoT: error %d: ", code);
    add_plain(&line, words);
    if (name != MP_OBJ_NULL) {
        vstr_add_str(&line, " (device ");
        add_plain(&line, name);
        vstr_add_str(&line, ")");
    }
    vstr_add_str(&line, "\n");
    runtime_print_error(mp_obj_new_str_from_vstr(&line));
}

void console_forget(console_t *self) {
    self->words = MP_OBJ_NULL;
}
