// Callbacks of the script: callbacks.c.
#ifndef ALIYUN_IOT_CALLBACKS_H
#define ALIYUN_IOT_CALLBACKS_H

#include "runtime.h"

struct _device_obj_t;

// Raises TypeError if `callback` cannot be called, or is a function that would not run when it is: `async def`.
void callback_check(const char *method, mp_obj_t callback);
// The same for a callback that may be None: returns it, or MP_OBJ_NULL.
mp_obj_t callback_or_null(const char *method, mp_obj_t callback);
// Calls a callback with one argument. `of` is the event or the method that it belongs to. What it raises is printed, and
// MP_OBJ_NULL returned.
mp_obj_t callback_call(struct _device_obj_t *self, const char *of, mp_obj_t callback, mp_obj_t argument);
// Prints what a callback has raised, as the scheduler does; Ctrl-C goes on to the main program. Raises nothing.
void callback_print_exception(mp_obj_t exception);

#endif
