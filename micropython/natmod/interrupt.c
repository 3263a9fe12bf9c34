// Signals, which a native module can send and hold back on Linux on x64 alone: there it can talk to the kernel. Elsewhere
// callbacks wait until a sleep is over unless the firmware sees to that, as all boards do.

#include "wake.h"

#if defined(__x86_64__) && defined(__linux__)

#include <asm/signal.h>
#include <linux/time_types.h>

#include "linux.h"

// A signal that is ignored unless somebody listens, so that a stray one does no harm.
#define WAKE_SIGNAL SIGURG
// How long after a scheduled callback Ctrl-C comes that struck in it.
#define LATER_MS (5)

static const sigset_t ctrl_c = 1ul << (SIGINT - 1);

// ---- The main thread ----

// There to interrupt, not to do anything.
static void woken(int signal) {
    (void)signal;
}

// Where the kernel wants a handler to return to.
void interrupt_return(void);
__asm__ (".text\n.hidden interrupt_return\n.globl interrupt_return\ninterrupt_return:\nmov $15, %eax\nsyscall\n");

// The main thread has the number of the process.
static void interrupt(int signal) {
    long process = kernel(__NR_getpid, 0, 0, 0, 0);
    kernel(__NR_tgkill, process, process, signal, 0);
}

void interrupt_sleep(void) {
    if (!runtime_state()->linux) {
        return;
    }
    // Without SA_RESTART: a sleep is to end.
    struct sigaction action = { .sa_handler = woken, .sa_flags = SA_RESTORER, .sa_restorer = interrupt_return };
    kernel(__NR_rt_sigaction, WAKE_SIGNAL, (long)&action, 0, sizeof(action.sa_mask));
    interrupt(WAKE_SIGNAL);
}

// ---- Ctrl-C ----

bool runtime_interrupts_hold(void) {
    sigset_t before = 0;
    if (runtime_state()->linux) {
        kernel(__NR_rt_sigprocmask, SIG_BLOCK, (long)&ctrl_c, (long)&before, sizeof(before));
    }
    return before & ctrl_c;
}

void runtime_interrupts_restore(bool held) {
    if (!held) {
        runtime_interrupts_allow();
    }
}

void runtime_interrupts_allow(void) {
    if (runtime_state()->linux) {
        kernel(__NR_rt_sigprocmask, SIG_UNBLOCK, (long)&ctrl_c, 0, sizeof(ctrl_c));
    }
}

// What a thread of its own runs.
static mp_obj_t interrupt_later(void) {
    runtime_interrupts_hold();
    mp_hal_delay_ms(LATER_MS);
    interrupt(SIGINT);
    runtime_state()->interrupted = false;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(interrupt_later_obj, interrupt_later);

void mp_sched_keyboard_interrupt(void) {
    if (!runtime_state()->linux) {
        mp_raise_type_arg(&mp_type_KeyboardInterrupt, mp_const_none);
    }
    runtime_state()->interrupted = true;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t start[2];
        start[0] = MP_OBJ_FROM_PTR(&interrupt_later_obj);
        start[1] = mp_const_empty_tuple;
        runtime_call(runtime_import(MP_QSTR__thread), MP_QSTR_start_new_thread, 2, start);
        nlr_pop();
    } else {
        // No thread to be had: it comes at once, from here.
        runtime_state()->interrupted = false;
        nlr_jump(nlr.ret_val);
    }
}

bool runtime_is_interrupted(void) {
    runtime_state_t *state = runtime_state();
    if (!state->linux || state->interrupted) {
        return state->interrupted;
    }
    sigset_t waiting = 0;
    kernel(__NR_rt_sigpending, (long)&waiting, sizeof(waiting), 0, 0);
    return waiting & ctrl_c;
}

void interrupt_put_off(void) {
    struct __kernel_timespec at_once = { 0, 0 };
    if (runtime_state()->linux && kernel(__NR_rt_sigtimedwait, (long)&ctrl_c, 0, (long)&at_once, sizeof(ctrl_c)) > 0) {
        mp_sched_keyboard_interrupt();
    }
}

#else

void interrupt_sleep(void) {
}

bool runtime_interrupts_hold(void) {
    return false;
}

void runtime_interrupts_restore(bool held) {
    (void)held;
}

void runtime_interrupts_allow(void) {
}

// The scheduler prints it, as it does for all callbacks.
void mp_sched_keyboard_interrupt(void) {
    mp_raise_type_arg(&mp_type_KeyboardInterrupt, mp_const_none);
}

bool runtime_is_interrupted(void) {
    return false;
}

void interrupt_put_off(void) {
}

#endif
