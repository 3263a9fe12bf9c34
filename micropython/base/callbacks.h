// Callbacks of the script: which objects can be one, and how one is called.
#ifndef ALIYUN_IOT_CALLBACKS_H
#define ALIYUN_IOT_CALLBACKS_H

#include "base/lock.h"

// Raises TypeError if `callback` cannot be called, or is a function that would not run when it is: `async def`.
void callback_check(const char *method, mp_obj_t callback);
// The same for a callback that may be None: returns it, or MP_OBJ_NULL.
mp_obj_t callback_or_null(const char *method, mp_obj_t callback);
// A callback that waits for its call.
typedef struct _waiting_call_t {
    struct _waiting_call_t *next;
    const char *of;
    mp_obj_t callback;
    mp_obj_t argument;
} waiting_call_t;

// The callbacks of one device.
typedef struct {
    lock_t *lock;
    size_t running; // callbacks that run, one within the other
    waiting_call_t *waiting; // oldest first
    size_t waiting_count;
} callbacks_t;

// Calls a callback with one argument. `of` is the event or the method that it belongs to. What it raises is printed, and
// MP_OBJ_NULL returned.
mp_obj_t callback_call_now(callbacks_t *self, const char *of, mp_obj_t callback, mp_obj_t argument);
// The same, now or as soon as it may run.
void callback_call(callbacks_t *self, const char *of, mp_obj_t callback, mp_obj_t argument);
// Whether callbacks have to wait, because so many run, one within the other, or little of the stack is left.
bool callbacks_must_wait(callbacks_t *self);
// Whether no event may be taken that calls for a callback: Ctrl-C waits for the main program, or too many wait.
bool callbacks_are_held_up(callbacks_t *self);
// Whether too many wait.
bool callbacks_are_crowded(callbacks_t *self);
// Calls what waits, as far as it may run.
void callbacks_call_waiting(callbacks_t *self);
// Prints what a callback has raised, as the scheduler does; Ctrl-C goes on to the main program. Raises nothing.
void callback_print_exception(mp_obj_t exception);

#endif
