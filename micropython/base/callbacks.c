// Callbacks of the script: which objects can be one, how one is called, and what is printed of one that fails.

#include <string.h>

#include "base/callbacks.h"
#include "base/list.h"
#include "py/objexcept.h"

// Of bound methods, closures and objects with `__call__` around one another.
#define WRAPPERS_MAX (8)
// Callbacks of a device that run at a time: one that uploads waits while another one is called, and that is all.
#define RUNNING_MAX (2)
// What may wait for these to end. More than that is not taken from the network.
#define WAITING_MAX (16)

// How MicroPython lays out its bound methods and closures. They have no header of their own.
typedef struct {
    mp_obj_base_t base;
    mp_obj_t method;
} bound_method_t;

typedef struct {
    mp_obj_base_t base;
    mp_obj_t function;
} closure_t;

// ---- Which objects can be a callback ----

// Whether MicroPython itself has this type under this name: a class of the script may have the same name.
static bool is_own_type(mp_obj_t object, qstr name) {
    const mp_obj_type_t *type = mp_obj_get_type(object);
    return type->name == name && !mp_obj_is_instance_type(type);
}

// Whether a call only makes a coroutine (or a generator, which is the same to MicroPython). Nobody would run it.
static bool makes_coroutine(mp_obj_t callback) {
    for (int i = 0; i < WRAPPERS_MAX; i++) {
        if (is_own_type(callback, MP_QSTR_generator)) {
            return true;
        } else if (is_own_type(callback, MP_QSTR_bound_method)) {
            callback = ((const bound_method_t *)MP_OBJ_TO_PTR(callback))->method;
        } else if (is_own_type(callback, MP_QSTR_closure)) {
            callback = ((const closure_t *)MP_OBJ_TO_PTR(callback))->function;
        } else if (mp_obj_is_instance_type(mp_obj_get_type(callback))) {
            mp_obj_t call[2];
            mp_load_method_maybe(callback, MP_QSTR___call__, call);
            if (call[0] == MP_OBJ_NULL) {
                return false;
            }
            callback = call[0];
        } else {
            return false;
        }
    }
    return false;
}

// The name of a function or of a method, or the type of any other object.
static const char *name_of(mp_obj_t callback) {
    mp_obj_t name[2];
    mp_load_method_maybe(callback, MP_QSTR___name__, name);
    return name[0] != MP_OBJ_NULL && mp_obj_is_str(name[0]) ? mp_obj_str_get_str(name[0]) : mp_obj_get_type_str(callback);
}

#define INSTEAD "use a plain function that sets an asyncio.ThreadSafeFlag (examples/with_asyncio.py)"

void callback_check(const char *method, mp_obj_t callback) {
    if (!mp_obj_is_callable(callback)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%s(): %s cannot be called"), method, mp_obj_get_type_str(callback));
    }
    if (makes_coroutine(callback)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%s(): callback '%s' %s"), method, name_of(callback),
            "is an async def or generator function, which would never run; " INSTEAD);
    }
}

mp_obj_t callback_or_null(const char *method, mp_obj_t callback) {
    if (callback == mp_const_none) {
        return MP_OBJ_NULL;
    }
    callback_check(method, callback);
    return callback;
}

// ---- What is printed ----

void callback_print_exception(mp_obj_t exception) {
    bool interrupt = runtime_is_a(exception, &mp_type_KeyboardInterrupt);
    nlr_buf_t nlr;
    if (!interrupt) {
        // A script's own exception may raise while it says what it is.
        if (nlr_push(&nlr) == 0) {
            mp_obj_print_exception(MICROPY_ERROR_PRINTER, exception);
            nlr_pop();
            return;
        }
        interrupt = runtime_is_a(MP_OBJ_FROM_PTR(nlr.ret_val), &mp_type_KeyboardInterrupt);
    }
    if (interrupt) {
        mp_sched_keyboard_interrupt();
    }
}

// `ON_CONNECT callback 'on_connect'`, or `publish() callback '…'`.
static void add_who(vstr_t *words, const char *of, mp_obj_t callback) {
    bool is_event = memcmp(of, "ON_", 3) == 0;
    vstr_printf(words, "%s%s callback '%s' ", of, is_event ? "" : "()", name_of(callback));
}

static mp_obj_t type_error(vstr_t *words) {
    return mp_obj_new_exception_arg1(&mp_type_TypeError, mp_obj_new_str_from_vstr(words));
}

// What follows `word` in `text`, or NULL.
static const char *after(const char *text, const char *word) {
    size_t len = strlen(word), left = strlen(text);
    for (; left >= len; text++, left--) {
        if (memcmp(text, word, len) == 0) {
            return text + len;
        }
    }
    return NULL;
}

static int number(const char *text) {
    int value = 0;
    for (; *text >= '0' && *text <= '9' && value < 1000; text++) {
        value = value * 10 + (*text - '0');
    }
    return value;
}

// Whether this TypeError was raised by the call itself, before any code of the script ran: then it has no traceback.
static bool is_of_the_call(mp_obj_t exception) {
    return mp_obj_get_type(exception) == &mp_type_TypeError
        && ((const mp_obj_exception_t *)MP_OBJ_TO_PTR(exception))->traceback_len == 0;
}

// A TypeError in better words, if the callback does not take one argument; else the exception as it is.
static mp_obj_t explained(const char *of, mp_obj_t callback, mp_obj_t exception) {
    if (!is_of_the_call(exception)) {
        return exception;
    }
    mp_obj_t value = mp_obj_exception_get_value(exception);
    if (!mp_obj_is_str(value)) {
        return exception;
    }
    const char *said = mp_obj_str_get_str(value);
    const char *takes = after(said, "takes "), *given = after(said, " but ");
    const char *argument = strcmp(of, "register") == 0 ? "secret" : "data";
    vstr_t words;
    vstr_init(&words, 96);
    add_who(&words, of, callback);
    if (takes != NULL && given != NULL && after(takes, " positional argument") != NULL && number(given) > 0) {
        // MicroPython counts `self` and what a closure has kept.
        int count = number(takes) - (number(given) - 1);
        vstr_printf(&words, "takes %d argument%s, but is called with 1 (%s)", count, count == 1 ? "" : "s", argument);
    } else if (after(said, "argument") != NULL) {
        vstr_printf(&words, "is called with 1 argument (%s): %s", argument, said);
    } else {
        return exception;
    }
    return type_error(&words);
}

// Without memory for better words it is printed as it is.
static mp_obj_t explained_if_possible(const char *of, mp_obj_t callback, mp_obj_t exception) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t better = explained(of, callback, exception);
        nlr_pop();
        return better;
    }
    return exception;
}

// ---- Calls ----

// Raises if the callback has returned a coroutine, which nothing would run.
static void check_returned(const char *of, mp_obj_t callback, mp_obj_t returned) {
    if (is_own_type(returned, MP_QSTR_generator)) {
        vstr_t words;
        vstr_init(&words, 128);
        add_who(&words, of, callback);
        vstr_add_str(&words, "returned a coroutine or generator, which nobody runs; " INSTEAD);
        nlr_raise(type_error(&words));
    }
}

static void count(callbacks_t *self, size_t more) {
    // Another thread may report an error meanwhile.
    LOCKED(self->lock, self->running += more);
}

mp_obj_t callback_call_now(callbacks_t *self, const char *of, mp_obj_t callback, mp_obj_t argument) {
    count(self, 1);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_interrupts_allow();
        mp_obj_t returned = mp_call_function_1(callback, argument);
        runtime_interrupts_hold();
        check_returned(of, callback, returned);
        nlr_pop();
        count(self, -1);
        return returned;
    }
    runtime_interrupts_hold();
    count(self, -1);
    callback_print_exception(explained_if_possible(of, callback, MP_OBJ_FROM_PTR(nlr.ret_val)));
    return MP_OBJ_NULL;
}

// ---- Calls that wait ----

bool callbacks_must_wait(callbacks_t *self) {
    size_t running = self->running;
    return running >= RUNNING_MAX || (running > 0 && runtime_stack_is_short());
}

bool callbacks_are_crowded(callbacks_t *self) {
    return self->waiting_count >= WAITING_MAX && callbacks_must_wait(self);
}

bool callbacks_are_held_up(callbacks_t *self) {
    return runtime_is_interrupted() || callbacks_are_crowded(self);
}

void callback_call(callbacks_t *self, const char *of, mp_obj_t callback, mp_obj_t argument) {
    if (!callbacks_must_wait(self) && !runtime_is_interrupted()) {
        callback_call_now(self, of, callback, argument);
        return;
    }
    waiting_call_t *call = m_new(waiting_call_t, 1);
    call->next = NULL;
    call->of = of;
    call->callback = callback;
    call->argument = argument;
    lock_acquire(self->lock);
    LIST_APPEND(waiting_call_t, &self->waiting, call);
    self->waiting_count++;
    lock_release(self->lock);
    runtime_settle(call);
}

void callbacks_call_waiting(callbacks_t *self) {
    while (self->waiting != NULL && !callbacks_must_wait(self) && !runtime_is_interrupted()) {
        lock_acquire(self->lock);
        waiting_call_t *call = self->waiting;
        if (call != NULL) {
            self->waiting = call->next;
            self->waiting_count--;
        }
        lock_release(self->lock);
        if (call != NULL) {
            callback_call_now(self, call->of, call->callback, call->argument);
        }
    }
}
