// Signals, which a native module can send and hold back on Linux on x64 alone: there it can talk to the kernel. Elsewhere
// callbacks wait until a sleep is over unless the firmware sees to that, as all boards do.

#include "natmod/wake.h"

#if defined(__x86_64__) && defined(__linux__)

#include <asm/fcntl.h>
#include <asm/signal.h>
#include <linux/time_types.h>

#include "base/linux.h"

// A signal that is ignored unless a program handles it, so that a stray one does no harm.
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

// ---- Where does it wait? ----

// `/proc/self/task/<number>/syscall`: the number of the system's call that the thread waits in, and what it was called
// with, all in hexadecimal but the first; or "running". Returns the call, or -1; `*first` is what it was called with first.
static long waits_in(long thread, unsigned long *first) {
    static const char before[] = "/proc/self/task/", after[] = "/syscall";
    char text[64];
    char *end = text;
    memcpy(end, before, sizeof(before) - 1);
    end += sizeof(before) - 1;
    char digits[20];
    size_t count = 0;
    for (; thread > 0; thread /= 10) {
        digits[count++] = '0' + thread % 10;
    }
    while (count > 0) {
        *end++ = digits[--count];
    }
    memcpy(end, after, sizeof(after));
    long file = kernel(__NR_open, (long)text, O_RDONLY | O_CLOEXEC, 0, 0);
    if (file < 0) {
        return -1;
    }
    long length = kernel(__NR_read, file, (long)text, sizeof(text) - 1, 0);
    kernel(__NR_close, file, 0, 0, 0);
    if (length <= 0 || text[0] < '0' || text[0] > '9') {
        return -1;
    }
    text[length] = '\0';
    long call = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        call = call * 10 + (*at - '0');
    }
    *first = 0;
    if (memcmp(at, " 0x", 3) != 0) {
        return -1;
    }
    for (at += 3; (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f'); at++) {
        *first = *first << 4 | (*at <= '9' ? *at - '0' : *at - 'a' + 10);
    }
    return call;
}

// Whether MicroPython goes on with the time that was left after such a call was interrupted: it sleeps (in `select`, which
// watches nothing), is in `select.poll`, or reads the terminal, which takes as long as it takes.
static bool goes_on(long call, unsigned long first) {
    switch (call) {
        case __NR_select:
        case __NR_pselect6:
            return first == 0;
        case __NR_poll:
        case __NR_ppoll:
            return true;
        case __NR_read:
            return first == 0;
        default:
            return false;
    }
}

void interrupt_wait(void) {
    if (!runtime_state()->linux) {
        return;
    }
    unsigned long first;
    long process = kernel(__NR_getpid, 0, 0, 0, 0);
    long call = waits_in(process, &first);
    if (!goes_on(call, first)) {
        return;
    }
    // It may be in another call by now. With SA_RESTART most of them notice nothing; `select` and `poll` end all the same.
    unsigned long flags = SA_RESTORER | (call == __NR_read ? 0 : SA_RESTART);
    struct sigaction action = { .sa_handler = woken, .sa_flags = flags, .sa_restorer = interrupt_return };
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

// What a thread of its own runs. On a busy machine it may begin late, and what the scheduler has called may take long to end.
static mp_obj_t interrupt_later(void) {
    runtime_interrupts_hold();
    runtime_state_t *state = runtime_state();
    bool ending;
    do {
        ending = state->ending;
        mp_hal_delay_ms(LATER_MS);
    } while (ending || state->ending);
    // First, as the main thread may put it off again.
    state->interrupted = false;
    interrupt(SIGINT);
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

void interrupt_end_scheduled(bool held) {
    runtime_state_t *state = runtime_state();
    state->ending = true;
    struct __kernel_timespec at_once = { 0, 0 };
    if (state->linux && kernel(__NR_rt_sigtimedwait, (long)&ctrl_c, 0, (long)&at_once, sizeof(ctrl_c)) > 0) {
        mp_sched_keyboard_interrupt();
    }
    runtime_interrupts_restore(held);
    state->ending = false;
}

#else

void interrupt_wait(void) {
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

void interrupt_end_scheduled(bool held) {
    (void)held;
}

#endif
