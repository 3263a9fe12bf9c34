// Wake-ups for ports that run lwIP below MicroPython (rp2, stm32, mimxrt, renesas-ra, qemu): what arrives on the network
// and the port's soft timers. Nothing polls.
//
// Sockets have no descriptors here. Instead each network interface hands its frames to `input`, which stands before
// lwIP's own function and wakes the devices once lwIP is through with a frame that may carry TCP: that covers a connection
// that is established, data, acknowledgements that make room, and resets. What lwIP finds out by its own timers, a
// peer that has gone silent, the core finds out by its deadlines.
//
// Frames are handed over in interrupts (PendSV), soft timers expire there: all that happens there is that a node of the
// scheduler is queued.

#include "base/port.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "lwip/netif.h"
#include "shared/runtime/softtimer.h"

#if !MICROPY_SCHEDULER_STATIC_NODES
#error ports/lwip/wake.c needs MICROPY_SCHEDULER_STATIC_NODES
#endif

// How many devices may be connected at a time.
#ifndef ALIYUN_IOT_WAKES
#define ALIYUN_IOT_WAKES (4)
#endif
// On how many interfaces what arrives wakes them.
#ifndef ALIYUN_IOT_NETIFS
#define ALIYUN_IOT_NETIFS (3)
#endif
// A soft timer's time is compared as a signed number.
#define MS_MAX (0x3fffffff)

#ifndef MICROPY_PY_LWIP_ENTER
#define MICROPY_PY_LWIP_ENTER
#define MICROPY_PY_LWIP_EXIT
#endif

struct _port_wake_t {
    mp_sched_node_t node;
    soft_timer_entry_t timer;
    mp_obj_t pump;
    mp_obj_t device;
    bool used;
    bool running; // the pump
    volatile bool armed;
    volatile bool missed; // something arrived while it was not armed
};

typedef struct {
    struct netif *netif;
    netif_input_fn input;
} hook_t;

static port_wake_t wakes[ALIYUN_IOT_WAKES];
static hook_t hooks[ALIYUN_IOT_NETIFS];

uint32_t port_ticks_ms(void) {
    return mp_hal_ticks_ms();
}

// ---- Waking ----

// The scheduler's call, between two bytecodes.
static void run(mp_sched_node_t *node) {
    port_wake_t *wake = (port_wake_t *)node;
    wake->missed = false;
    if (wake->used) {
        wake->running = true;
        mp_call_function_1_protected(wake->pump, wake->device);
        wake->running = false;
    }
}

// In interrupts as well, of either core.
static void fire(port_wake_t *wake) {
    mp_uint_t state = MICROPY_BEGIN_ATOMIC_SECTION();
    bool armed = wake->armed;
    wake->armed = false;
    wake->missed = !armed;
    if (armed) {
        mp_sched_schedule_node(&wake->node, run);
    }
    MICROPY_END_ATOMIC_SECTION(state);
}

static void expired(soft_timer_entry_t *timer) {
    for (port_wake_t *wake = wakes; wake < wakes + ALIYUN_IOT_WAKES; wake++) {
        if (&wake->timer == timer && wake->armed) {
            fire(wake);
        }
    }
}

// ---- What arrives ----

static bool may_be_tcp(const struct pbuf *frame) {
    const byte *ethernet = frame->payload;
    if (frame->len < 14 + 20) {
        return frame->len >= 14; // its head lies in pieces: who knows
    }
    switch (ethernet[12] << 8 | ethernet[13]) {
        case 0x0800: // IPv4
            return ethernet[14 + 9] == 6;
        case 0x86dd: // IPv6
            return ethernet[14 + 6] == 6;
        case 0x0806: // ARP
            return false;
        default:
            return true;
    }
}

static err_t input(struct pbuf *frame, struct netif *netif) {
    hook_t *hook = hooks;
    while (hook < hooks + ALIYUN_IOT_NETIFS - 1 && hook->netif != netif) {
        hook++;
    }
    bool tcp = may_be_tcp(frame);
    err_t result = hook->input(frame, netif);
    if (tcp && result == ERR_OK) {
        for (port_wake_t *wake = wakes; wake < wakes + ALIYUN_IOT_WAKES; wake++) {
            if (wake->used) {
                fire(wake);
            }
        }
    }
    return result;
}

// An interface that a script switches off and on gets its own function back, so this is done again and again.
static void hook_all(void) {
    struct netif *netif;
    MICROPY_PY_LWIP_ENTER
    NETIF_FOREACH(netif) {
        if (netif->input == input) {
            continue;
        }
        for (hook_t *hook = hooks; hook < hooks + ALIYUN_IOT_NETIFS; hook++) {
            if (hook->netif == NULL || hook->netif == netif) {
                *hook = (hook_t) { netif, netif->input };
                netif->input = input;
                break;
            }
        }
    }
    MICROPY_PY_LWIP_EXIT
}

// ---- For the binding ----

port_wake_t *port_wake_new(mp_obj_t pump, mp_obj_t device) {
    for (port_wake_t *wake = wakes; wake < wakes + ALIYUN_IOT_WAKES; wake++) {
        if (!wake->used) {
            wake->pump = pump;
            wake->device = device;
            wake->armed = wake->missed = false;
            soft_timer_static_init(&wake->timer, SOFT_TIMER_MODE_ONE_SHOT, 0, expired);
            wake->used = true;
            return wake;
        }
    }
    mp_raise_OSError(MP_ENOMEM);
}

void port_wake_free(port_wake_t *wake) {
    wake->armed = false;
    soft_timer_remove(&wake->timer);
    wake->used = false;
}

void port_wake_arm(port_wake_t *wake, const port_watch_t *watches, uint32_t ms) {
    // Whatever may be done next begins with a frame that arrives.
    (void)watches;
    hook_all();
    soft_timer_remove(&wake->timer);
    mp_uint_t state = MICROPY_BEGIN_ATOMIC_SECTION();
    bool now = ms == 0 || wake->missed;
    wake->armed = true;
    // MicroPython 1.25 runs nodes until none is left: one that a run queues itself leaves the script, and Ctrl-C, no turn.
    bool later = wake->running;
    if (now && !later) {
        fire(wake);
    }
    MICROPY_END_ATOMIC_SECTION(state);
    if (now && later) {
        soft_timer_insert(&wake->timer, 1);
    } else if (!now && ms != UINT32_MAX) {
        soft_timer_insert(&wake->timer, ms < MS_MAX ? ms : MS_MAX);
    }
}
