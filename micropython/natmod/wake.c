// Wake-ups on firmware that has no hook for them (base/port.h). Where sockets have descriptors and Python has threads, a
// thread waits (watch.c). Elsewhere sockets are lwIP's: they call a function that a script has set with the option that
// WebREPL uses, and `machine.Timer` gives deadlines. Where there is no such timer either, `Device.poll()` has to be called.

#include <string.h>

#include "base/callbacks.h"
#include "natmod/wake.h"

// The socket option, on any level: "call this when something has arrived".
#define OPTION_CALLBACK (20)
// lwIP calls nothing when a connection is established or there is room to write again: then it is looked after this time.
#define LOOK_MS (10)
// lwIP's call is lost as well when MicroPython's queue is full: so nothing waits longer than this.
#define WAIT_MS_MAX (1000)

// What MicroPython's scheduler calls.
static mp_obj_t scheduled(mp_obj_t wake_in) {
    port_wake_t *wake = MP_OBJ_TO_PTR(wake_in);
    // Where Python has an interpreter lock, any thread that waits runs what is scheduled, so the watcher of another device
    // may. Its stack is too small for callbacks.
    if (watch_is_running() && wake_schedule(wake)) {
        return mp_const_none;
    }
    bool held = runtime_interrupts_hold();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_1(wake->pump, wake->device);
        nlr_pop();
    } else {
        callback_print_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
    }
    interrupt_end_scheduled(held);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(scheduled_obj, scheduled);

bool wake_schedule(port_wake_t *wake) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t arguments[2];
        arguments[0] = MP_OBJ_FROM_PTR(&scheduled_obj);
        arguments[1] = MP_OBJ_FROM_PTR(wake);
        mp_call_function_n_kw(runtime_state()->schedule, 2, 0, arguments);
        nlr_pop();
        return true;
    }
    return false;
}

static bool is_of(const port_wake_t *wake, mp_obj_t caller) {
    bool is = wake->timer == caller;
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        is = is || wake->watches[i].socket == caller;
    }
    return is;
}

// What lwIP's sockets and timers call: with the socket, or with the timer.
static mp_obj_t called(mp_obj_t caller) {
    for (port_wake_t *wake = runtime_state()->wakes; wake != NULL; wake = wake->next) {
        if (is_of(wake, caller)) {
            mp_call_function_1(wake->pump, wake->device);
            break;
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(called_obj, called);

// A timer that has not been started, or MP_OBJ_NULL.
static mp_obj_t timer_new(void) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t any = MP_OBJ_NEW_SMALL_INT(-1);
        mp_obj_t timer = runtime_call(runtime_import(MP_QSTR_machine), MP_QSTR_Timer, 1, &any);
        nlr_pop();
        return timer;
    }
    return MP_OBJ_NULL;
}

// It is started again each time that the pump has run. Its call is lost when MicroPython's queue is full: so it calls
// again and again until then.
static void timer_start(mp_obj_t timer, uint32_t ms) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t init[2 + 6];
        mp_load_method(timer, MP_QSTR_init, init);
        init[2] = MP_OBJ_NEW_QSTR(MP_QSTR_mode);
        init[3] = mp_load_attr(timer, MP_QSTR_PERIODIC);
        init[4] = MP_OBJ_NEW_QSTR(MP_QSTR_period);
        init[5] = MP_OBJ_NEW_SMALL_INT(ms);
        init[6] = MP_OBJ_NEW_QSTR(MP_QSTR_callback);
        init[7] = MP_OBJ_FROM_PTR(&called_obj);
        mp_call_method_n_kw(0, 3, init);
        nlr_pop();
    }
}

// Has the socket call when something arrives. Sockets that are not lwIP's do not know the option.
static void listen(mp_obj_t socket) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t setsockopt[2 + 3];
        mp_load_method(socket, MP_QSTR_setsockopt, setsockopt);
        setsockopt[2] = MP_OBJ_NEW_SMALL_INT(1);
        setsockopt[3] = MP_OBJ_NEW_SMALL_INT(OPTION_CALLBACK);
        setsockopt[4] = MP_OBJ_FROM_PTR(&called_obj);
        mp_call_method_n_kw(3, 0, setsockopt);
        nlr_pop();
    }
}

port_wake_t *port_wake_new(mp_obj_t pump, mp_obj_t device) {
    port_wake_t *wake = mp_obj_malloc(port_wake_t, mp_obj_get_type(mp_const_none));
    memset((byte *)wake + sizeof(wake->base), 0, sizeof(*wake) - sizeof(wake->base));
    wake->pump = pump;
    wake->device = device;
    if (watch_is_possible()) {
        watch_start(wake);
    } else {
        wake->timer = timer_new();
    }
    runtime_lock();
    wake->next = runtime_state()->wakes;
    runtime_state()->wakes = wake;
    runtime_unlock();
    runtime_settle(wake);
    return wake;
}

void port_wake_free(port_wake_t *wake) {
    runtime_lock();
    for (port_wake_t **place = &runtime_state()->wakes; *place != NULL; place = &(*place)->next) {
        if (*place == wake) {
            *place = wake->next;
            break;
        }
    }
    runtime_unlock();
    if (wake->bell != MP_OBJ_NULL) {
        mp_thread_mutex_lock(&wake->lock, 1);
        wake->freed = true;
        mp_thread_mutex_unlock(&wake->lock);
        watch_ring(wake);
    }
    if (wake->timer != MP_OBJ_NULL) {
        runtime_call(wake->timer, MP_QSTR_deinit, 0, NULL);
    }
    memset(wake->watches, 0, sizeof(wake->watches));
}

static void arm_thread(port_wake_t *wake, const port_watch_t *watches, uint32_t ms) {
    uint32_t now = port_ticks_ms();
    mp_thread_mutex_lock(&wake->lock, 1);
    memcpy(wake->watches, watches, sizeof(wake->watches));
    wake->limited = ms != UINT32_MAX;
    wake->deadline = now + ms;
    wake->armed = true;
    wake->due = false;
    wake->scheduled = false;
    mp_thread_mutex_unlock(&wake->lock);
    watch_ring(wake);
}

static void arm_timer(port_wake_t *wake, const port_watch_t *watches, uint32_t ms) {
    bool write = false;
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        mp_obj_t socket = watches[i].socket;
        bool is_new = socket != wake->watches[i].socket;
        wake->watches[i] = watches[i];
        if (is_new && socket != MP_OBJ_NULL) {
            listen(socket);
        }
        write = write || watches[i].write;
    }
    if (ms == 0 && wake_schedule(wake)) {
        return;
    }
    if (wake->timer == MP_OBJ_NULL) {
        // Nothing reports that a connection is established: the pump runs until it is.
        if (write) {
            wake_schedule(wake);
        }
        return;
    }
    uint32_t longest = write ? LOOK_MS : WAIT_MS_MAX;
    ms = ms < longest ? ms : longest;
    timer_start(wake->timer, ms == 0 ? 1 : ms);
}

void port_wake_arm(port_wake_t *wake, const port_watch_t *watches, uint32_t ms) {
    // To take a socket out and put it back takes memory each time.
    const port_watch_t *watched = watches == NULL ? wake->watches : watches;
    if (wake->bell != MP_OBJ_NULL) {
        arm_thread(wake, watched, ms);
    } else {
        arm_timer(wake, watched, ms);
    }
}
