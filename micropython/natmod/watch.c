// A thread of Python's that waits for a device's socket and its next deadline, as the watcher of the unix port does in C.
// Between wake-ups it sleeps in the system's poll: an idle device costs nothing. (On ESP32 MicroPython's own poll looks at
// the sockets in each tick.)

#include <string.h>

#include "natmod/wake.h"

// How long the pump may be due before the main thread is looked at again: it may just be about to wait, or in a call that
// must not be interrupted.
#define REPEAT_MS (5)
#define REPEAT_MS_MAX (20)
// How much of a thread's stack is surely its own: ESP32's smallest has 4 KB.
#define STACK_SIZE (4096)
// When to try again after there was no memory.
#define TRY_AGAIN_MS (100)
// Ports that anybody may use, and how many are tried.
#define PORT_FIRST (49152)
#define PORT_COUNT (16384)
#define PORT_TRIES (20)

static bool has(mp_obj_t object, qstr name) {
    mp_obj_t found[2];
    mp_load_method_maybe(object, name, found);
    return found[0] != MP_OBJ_NULL;
}

bool watch_is_possible(void) {
    return runtime_state()->allocate_lock != MP_OBJ_NULL && has(mp_load_attr(runtime_import(MP_QSTR_socket), MP_QSTR_socket), MP_QSTR_fileno);
}

// ---- The bell: a thread can wait for sockets alone, so it is a socket that wakes it ----

// A datagram socket that sends to itself, or MP_OBJ_NULL if the port is taken.
static mp_obj_t bell_try(mp_int_t port) {
    mp_obj_t module = runtime_import(MP_QSTR_socket);
    mp_obj_t query[2] = { mp_obj_new_str("127.0.0.1", 9), MP_OBJ_NEW_SMALL_INT(port) };
    mp_obj_t found = runtime_call(module, MP_QSTR_getaddrinfo, 2, query);
    mp_obj_t *fields;
    mp_obj_get_array_fixed_n(mp_obj_subscr(found, MP_OBJ_NEW_SMALL_INT(0), MP_OBJ_SENTINEL), 5, &fields);
    mp_obj_t kind[2] = { mp_load_attr(module, MP_QSTR_AF_INET), mp_load_attr(module, MP_QSTR_SOCK_DGRAM) };
    mp_obj_t bell = runtime_call(module, MP_QSTR_socket, 2, kind);
    mp_get_stream_raise(bell, MP_STREAM_OP_READ | MP_STREAM_OP_WRITE); // whatever a script has put there
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t no = mp_const_false;
        runtime_call(bell, MP_QSTR_bind, 1, &fields[4]);
        runtime_call(bell, MP_QSTR_connect, 1, &fields[4]);
        runtime_call(bell, MP_QSTR_setblocking, 1, &no);
        nlr_pop();
        return bell;
    }
    runtime_call(bell, MP_QSTR_close, 0, NULL);
    return MP_OBJ_NULL;
}

static mp_obj_t bell_new(void) {
    for (int tries = 0; tries < PORT_TRIES; tries++) {
        mp_obj_t bell = bell_try(PORT_FIRST + port_random() % PORT_COUNT);
        if (bell != MP_OBJ_NULL) {
            return bell;
        }
    }
    mp_raise_OSError(MP_EADDRINUSE);
}

void watch_ring(port_wake_t *wake) {
    mp_thread_mutex_lock(&wake->lock, 1);
    bool gated = wake->gated;
    wake->gated = false;
    mp_thread_mutex_unlock(&wake->lock);
    if (gated) {
        mp_thread_mutex_unlock(&wake->gate);
        return;
    }
    int error;
    // A full queue rings as well.
    mp_get_stream(wake->bell)->write(wake->bell, "", 1, &error);
}

static void bell_drain(mp_obj_t bell) {
    byte drain[64];
    int error;
    mp_uint_t count;
    do {
        count = mp_get_stream(bell)->read(bell, drain, sizeof(drain), &error);
    } while (count != 0 && count != MP_STREAM_ERROR);
}

// ---- The thread ----

static bool is_past(uint32_t when, uint32_t now) {
    return (int32_t)(now - when) >= 0;
}

// With the lock held: schedules the pump if it is due, and interrupts the main thread. Returns for how many milliseconds
// to wait, UINT32_MAX for ever.
static uint32_t kick(port_wake_t *wake, uint32_t now) {
    if (wake->armed && wake->limited && is_past(wake->deadline, now)) {
        wake->armed = false;
        wake->due = true;
    }
    if (!wake->due) {
        return wake->armed && wake->limited ? wake->deadline - now : UINT32_MAX;
    }
    if (!wake->scheduled) {
        wake->scheduled = wake_schedule(wake);
        wake->signal_at = now;
        wake->repeat = REPEAT_MS;
    }
    if (is_past(wake->signal_at, now)) {
        interrupt_wait();
        wake->signal_at = now + wake->repeat;
        wake->repeat = wake->repeat * 2 < REPEAT_MS_MAX ? wake->repeat * 2 : REPEAT_MS_MAX;
    }
    return wake->signal_at - now;
}

bool watch_is_running(void) {
    byte here;
    for (const port_wake_t *wake = runtime_state()->wakes; wake != NULL; wake = wake->next) {
        uintptr_t depth = (uintptr_t)wake->stack - (uintptr_t)&here;
        if (wake->stack != NULL && depth < STACK_SIZE) {
            return true;
        }
    }
    return false;
}

// Has `poll` watch `socket` in the place of the one before. A socket that has been closed meanwhile is no error: the
// pump looks after it.
static void follow(mp_obj_t poll, mp_obj_t before, mp_obj_t socket, mp_int_t events) {
    if (before != MP_OBJ_NULL && before != socket) {
        runtime_call(poll, MP_QSTR_unregister, 1, &before);
    }
    if (socket != MP_OBJ_NULL) {
        mp_obj_t arguments[2] = { socket, MP_OBJ_NEW_SMALL_INT(events) };
        runtime_call(poll, MP_QSTR_register, 2, arguments);
    }
}

static mp_obj_t poll_new(mp_obj_t bell) {
    mp_obj_t poll = runtime_call(runtime_import(MP_QSTR_select), MP_QSTR_poll, 0, NULL);
    follow(poll, MP_OBJ_NULL, bell, MP_STREAM_POLL_RD);
    return poll;
}

// Waits once; true if the device's socket is ready.
static bool wait(port_wake_t *wake, mp_obj_t poll, uint32_t ms) {
    mp_obj_t timeout = MP_OBJ_NEW_SMALL_INT(ms == UINT32_MAX ? -1 : (mp_int_t)(ms < 0x3fffffff ? ms : 0x3fffffff));
    mp_obj_iter_buf_t room;
    mp_obj_t ready = mp_getiter(runtime_call(poll, MP_QSTR_ipoll, 1, &timeout), &room), item;
    bool socket = false;
    while ((item = mp_iternext(ready)) != MP_OBJ_STOP_ITERATION) {
        size_t count;
        mp_obj_t *fields;
        mp_obj_get_array(item, &count, &fields);
        if (fields[0] == wake->bell) {
            bell_drain(wake->bell);
        } else {
            socket = true;
        }
    }
    return socket;
}

// Whether the sockets that were watched are still the ones to watch.
static bool is_same(const port_wake_t *wake, const port_watch_t *watched) {
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        if (wake->watches[i].socket != watched[i].socket) {
            return false;
        }
    }
    return true;
}

static void watch(port_wake_t *wake) {
    // One that watches the bell and the sockets, and one for when the bell alone is to be listened to: to take a socket out
    // and put it back takes memory each time.
    mp_obj_t all = poll_new(wake->bell), bell = poll_new(wake->bell);
    port_watch_t watched[PORT_WATCHES], wanted[PORT_WATCHES];
    memset(watched, 0, sizeof(watched));
    for (;;) {
        mp_thread_mutex_lock(&wake->lock, 1);
        if (wake->freed) {
            mp_thread_mutex_unlock(&wake->lock);
            return;
        }
        uint32_t ms = kick(wake, port_ticks_ms());
        bool armed = wake->armed;
        // Elsewhere nothing ends the main thread's wait, so there is nothing to repeat. This thread must not run the pump
        // itself, which it might in a wait of MicroPython's: until the device is armed it waits for a lock.
        bool gated = wake->scheduled && !armed && !runtime_state()->linux;
        wake->gated = gated;
        memcpy(wanted, wake->watches, sizeof(wanted));
        mp_thread_mutex_unlock(&wake->lock);
        if (gated) {
            mp_thread_mutex_lock(&wake->gate, 1);
            continue;
        }

        for (size_t i = 0; armed && i < PORT_WATCHES; i++) {
            mp_int_t events = MP_STREAM_POLL_RD | (wanted[i].write ? MP_STREAM_POLL_WR : 0);
            follow(all, watched[i].socket, wanted[i].socket, events);
            watched[i] = wanted[i];
        }
        bool ready = wait(wake, armed ? all : bell, ms);

        mp_thread_mutex_lock(&wake->lock, 1);
        if (ready && wake->armed && is_same(wake, watched)) {
            wake->armed = false;
            wake->due = true;
        }
        mp_thread_mutex_unlock(&wake->lock);
    }
}

// What the thread runs.
static mp_obj_t watcher(mp_obj_t wake_in) {
    port_wake_t *wake = MP_OBJ_TO_PTR(wake_in);
    runtime_interrupts_hold(); // Ctrl-C is for the main thread
    wake->stack = (const byte *)&wake;
    while (!wake->freed) {
        nlr_buf_t nlr;
        if (nlr_push(&nlr) == 0) {
            watch(wake);
            nlr_pop();
        } else {
            // No memory: there may be some later.
            mp_hal_delay_ms(TRY_AGAIN_MS);
        }
    }
    runtime_call(wake->bell, MP_QSTR_close, 0, NULL);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(watcher_obj, watcher);

void watch_start(port_wake_t *wake) {
    mp_thread_mutex_init(&wake->lock);
    if (!runtime_state()->linux) {
        mp_thread_mutex_init(&wake->gate);
        mp_thread_mutex_lock(&wake->gate, 1);
    }
    wake->bell = bell_new();
    mp_obj_t argument = MP_OBJ_FROM_PTR(wake);
    mp_obj_t arguments[2];
    arguments[0] = MP_OBJ_FROM_PTR(&watcher_obj);
    arguments[1] = mp_obj_new_tuple(1, &argument);
    runtime_call(runtime_import(MP_QSTR__thread), MP_QSTR_start_new_thread, 2, arguments);
}
