// Wake-ups of the unix port: a watcher thread that polls sockets and deadlines, schedules the pump of the device that is
// due, and ends the main thread's wait (waits.c).
//
// Between wake-ups the thread sleeps in poll(2): an idle device costs nothing.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/port.h"
#include "py/mperrno.h"
#include "py/runtime.h"
#include "threads.h"

#if MICROPY_ASYNC_KBD_INTR
#error Ctrl-C would jump out of held locks: set MICROPY_ASYNC_KBD_INTR to 0, as ports/unix/variant does
#endif

// How soon to try again when MicroPython's queue is full.
#define TRY_AGAIN_MS (5)

struct _port_wake_t {
    port_wake_t *next;
    mp_obj_t pump;
    mp_obj_t device;
    struct pollfd sockets[PORT_WATCHES];
    bool armed;
    bool due;       // the pump is scheduled, or is to be
    bool scheduled;
    uint64_t deadline; // ms; UINT64_MAX for never
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static port_wake_t *wakes;
static int bell[2] = { -1, -1 };

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// MicroPython cancels the threads that still run when the script ends. None may take the lock with it.
static int hold(void) {
    int kept;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &kept);
    pthread_mutex_lock(&lock);
    return kept;
}

static void let_go(int kept) {
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(kept, NULL);
}

static void ring(void) {
    char byte = 0;
    // A full pipe rings as well.
    while (write(bell[1], &byte, 1) < 0 && errno == EINTR) {
    }
}

// With the lock held: schedules the pumps that are due and wakes the main thread. Returns when to look again.
static uint64_t schedule(uint64_t now) {
    uint64_t again = UINT64_MAX;
    for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
        if (wake->due && !wake->scheduled) {
            wake->scheduled = mp_sched_schedule(wake->pump, wake->device);
            if (!wake->scheduled) {
                again = now + TRY_AGAIN_MS;
            }
            waits_ring();
        }
    }
    return again;
}

static bool watches(const port_wake_t *wake, int fd) {
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        if (wake->sockets[i].fd == fd) {
            return true;
        }
    }
    return false;
}

static void *watch(void *unused) {
    (void)unused;
    struct pollfd *set = NULL;
    size_t room = 0;
    for (;;) {
        int kept = hold();
        uint64_t now = now_ms();
        size_t count = 1;
        for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
            if (wake->armed && now >= wake->deadline) {
                wake->armed = false;
                wake->due = true;
            }
            count += PORT_WATCHES;
        }
        if (count > room) {
            struct pollfd *larger = realloc(set, count * sizeof(*set));
            if (larger != NULL) {
                set = larger;
                room = count;
            }
        }
        uint64_t until = schedule(now);
        size_t used = 0;
        set[used++] = (struct pollfd) { .fd = bell[0], .events = POLLIN };
        for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
            if (wake->armed) {
                until = until < wake->deadline ? until : wake->deadline;
                for (size_t i = 0; i < PORT_WATCHES && used < room; i++) {
                    if (wake->sockets[i].fd >= 0) {
                        set[used++] = wake->sockets[i];
                    }
                }
            }
        }
        let_go(kept);

        int timeout = until == UINT64_MAX ? -1 : until <= now ? 0 : until - now > 60000 ? 60000 : (int)(until - now);
        poll(set, used, timeout);

        if (set[0].revents != 0) {
            char drain[64];
            while (read(bell[0], drain, sizeof(drain)) > 0) {
            }
        }
        kept = hold();
        for (size_t i = 1; i < used; i++) {
            if (set[i].revents == 0) {
                continue;
            }
            for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
                // If the descriptor was closed and opened again meanwhile, the pump runs once for nothing.
                if (wake->armed && watches(wake, set[i].fd)) {
                    wake->armed = false;
                    wake->due = true;
                }
            }
        }
        let_go(kept);
    }
    return NULL;
}

// With the lock held: starts the watcher, once.
static bool start(void) {
    static bool started;
    if (started) {
        return true;
    }
    if (!waits_start() || pipe(bell) != 0) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(bell[i], F_SETFL, O_NONBLOCK);
        fcntl(bell[i], F_SETFD, FD_CLOEXEC);
    }
    // Signals are for the threads that run Python.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t watcher;
    started = pthread_create(&watcher, NULL, watch, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

port_wake_t *port_wake_new(mp_obj_t pump, mp_obj_t device) {
    port_wake_t *wake = calloc(1, sizeof(*wake));
    if (wake == NULL) {
        mp_raise_OSError(MP_ENOMEM);
    }
    wake->pump = pump;
    wake->device = device;
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        wake->sockets[i].fd = -1;
    }
    int kept = hold();
    bool started = start();
    if (started) {
        wake->next = wakes;
        wakes = wake;
    }
    let_go(kept);
    if (!started) {
        free(wake);
        mp_raise_OSError(MP_ENOMEM);
    }
    return wake;
}

void port_wake_free(port_wake_t *wake) {
    int kept = hold();
    for (port_wake_t **link = &wakes; *link != NULL; link = &(*link)->next) {
        if (*link == wake) {
            *link = wake->next;
            break;
        }
    }
    let_go(kept);
    free(wake);
    // The script may have ended, and wait for this.
    waits_ring();
}

size_t port_devices(void) {
    size_t count = 0;
    int kept = hold();
    for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
        count++;
    }
    let_go(kept);
    return count;
}

void port_wake_arm(port_wake_t *wake, const port_watch_t *watches, uint32_t ms) {
    int kept = hold();
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        wake->sockets[i] = (struct pollfd) {
            .fd = watches == NULL ? -1 : watches[i].fd,
            .events = POLLIN | (watches != NULL && watches[i].write ? POLLOUT : 0),
        };
    }
    wake->deadline = ms == UINT32_MAX ? UINT64_MAX : now_ms() + ms;
    wake->armed = true;
    wake->due = false;
    wake->scheduled = false;
    let_go(kept);
    ring();
}
