// The console, for errors that the script has left unheard.
#ifndef ALIYUN_IOT_BASE_CONSOLE_H
#define ALIYUN_IOT_BASE_CONSOLE_H

#include "base/runtime.h"

// The error that was shown last.
typedef struct {
    mp_obj_t words; // MP_OBJ_NULL if the next error is to be shown in any case
    int code;
} console_t;

// Shows an error of the device `name` (or MP_OBJ_NULL) in one line, unless it is the one shown last.
void console_error(console_t *self, mp_obj_t name, int code, mp_obj_t words);
// The device is connected: the next error is a new one.
void console_forget(console_t *self);

#endif
