// A script whose main program has ended lives on while a device is connected, connecting or registering: as on a board,
// where the firmware goes on when `main.py` has ended. One that raises, or calls `sys.exit()`, ends at once.
//
// MicroPython's `main` compiles the script and calls what comes out. These two calls are wrapped (port.mk). What is given
// with `-c` or `-m`, or on standard input, ends as it does upstream: so does the prompt.

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "py/builtin.h"
#include "py/compile.h"
#include "py/runtime.h"
#include "threads.h"

// As shells number what Ctrl-C has ended.
#define EXIT_INTERRUPTED (128 + 2)

static mp_obj_t script;

// Whether `-i` asks for the prompt after the script, where its callbacks go on.
static bool has_prompt(void) {
    bool found = false;
    FILE *file = fopen("/proc/self/cmdline", "r");
    if (file != NULL) {
        char word[3];
        size_t len = 0;
        bool first = true;
        for (int letter; !found && (letter = fgetc(file)) != EOF;) {
            if (letter != '\0') {
                if (len < sizeof(word)) {
                    word[len++] = letter;
                }
                continue;
            }
            if (!first && (len == 0 || word[0] != '-')) {
                break; // the script
            }
            found = !first && len == 2 && memcmp(word, "-i", 2) == 0;
            first = false;
            len = 0;
        }
        fclose(file);
    }
    return found;
}

// Whether this is the script whose name is on the command line: it is the first thing that is compiled.
static bool is_script(qstr source_name) {
    size_t count;
    mp_obj_t *words;
    mp_obj_get_array(mp_sys_argv, &count, &words);
    return count > 0 && words[0] == MP_OBJ_NEW_QSTR(source_name) && !has_prompt();
}

mp_obj_t __real_mp_compile(mp_parse_tree_t *tree, qstr source_name, bool is_repl);

mp_obj_t __wrap_mp_compile(mp_parse_tree_t *tree, qstr source_name, bool is_repl) {
    static bool is_later;
    bool is_first = !is_later;
    is_later = true;
    mp_obj_t function = __real_mp_compile(tree, source_name, is_repl);
    if (is_first && !is_repl && is_script(source_name)) {
        script = function;
    }
    return function;
}

// Until the last device has ended, or Ctrl-C.
static void stay(void) {
    if (threads_count_devices() > 0) {
        mp_printf(MICROPY_ERROR_PRINTER, "aliyunIoT: the main program has ended; callbacks go on until the last device ends, or Ctrl-C\n");
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        for (;;) {
            mp_handle_pending(true);
            if (threads_count_devices() == 0) {
                break;
            }
            // Ends when there is a callback to be called, or a device has ended.
            poll(NULL, 0, -1);
        }
        nlr_pop();
        return;
    }
    if (!mp_obj_exception_match(MP_OBJ_FROM_PTR(nlr.ret_val), MP_OBJ_FROM_PTR(&mp_type_KeyboardInterrupt))) {
        nlr_jump(nlr.ret_val);
    }
    mp_raise_type_arg(&mp_type_SystemExit, MP_OBJ_NEW_SMALL_INT(EXIT_INTERRUPTED));
}

mp_obj_t __real_mp_call_function_0(mp_obj_t function);

mp_obj_t __wrap_mp_call_function_0(mp_obj_t function) {
    mp_obj_t returned = __real_mp_call_function_0(function);
    if (function == script && script != MP_OBJ_NULL) {
        script = MP_OBJ_NULL;
        stay();
    }
    return returned;
}
