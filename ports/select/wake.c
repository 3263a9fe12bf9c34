// Wake-ups for ports whose sockets have descriptors and that run on an RTOS (rtos.h): one task for all devices. It sleeps in
// `select` on their descriptors and on a bell, until the next deadline. Then it schedules the pumps that are due, and wakes
// the task that runs Python. While nothing is due it sleeps: an idle device costs nothing.
//
// The task runs while there is a device that is connected, connecting or registering. With the last one it ends, and gives
// up its stack and the bell: so it does at a soft reset, where the finalisers of devices run.
//
// `select` waits for sockets alone, so the bell is a datagram socket that sends to itself.

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/port.h"
#include "base/runtime.h"
#include "rtos.h"

#define FOR_EVER UINT32_MAX
// How soon to try again when MicroPython's queue is full.
#define QUEUE_FULL_MS (5)
// How soon to look for a device whose pump has been scheduled and that has not been armed since: the bell may have been lost,
// where lwIP had no memory for it.
#define UNARMED_MS (1000)
// How soon to try again when there is no descriptor for a bell.
#define NO_BELL_MS (100)
// How long a new bell may take to ring.
#define FIRST_RING_S (1)
// How long the task waits before it closes a bell that somebody rings.
#define RINGING_MS (10)
#define RINGING_TRIES (100)
// Deadlines are compared as signed numbers.
#define MS_MAX (0x3fffffff)

struct _port_wake_t {
    port_wake_t *next;
    mp_obj_t pump;
    mp_obj_t device;
    int fds[PORT_WATCHES];
    bool write[PORT_WATCHES];
    bool armed;
    bool due;       // the pump is scheduled, or is to be
    bool scheduled;
    bool expected;  // the task looks for it within UNARMED_MS, whether or not the bell rings
    bool limited;   // whether there is a deadline
    uint32_t deadline;
};

typedef struct {
    fd_set to_read;
    fd_set to_write;
    int highest;
} sets_t;

// All of it under the lock.
static port_wake_t *wakes;
static int bell = -1;
static bool starting; // a thread starts the task
static bool running;  // the task
static unsigned ringing; // threads that ring for no device of the list

// ---- The bell ----

static int ring(int fd) {
    return NET(send)(fd, "", 1, MSG_DONTWAIT);
}

// False if it is no bell any more.
static bool drain(int fd) {
    char drained[16];
    int count;
    while ((count = NET(recv)(fd, drained, sizeof(drained), MSG_DONTWAIT)) > 0) {
    }
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static void add(fd_set *set, sets_t *sets, int fd) {
    if (fd >= 0 && fd < FD_SETSIZE) {
        FD_SET(fd, set);
        sets->highest = fd > sets->highest ? fd : sets->highest;
    }
}

static void clear(sets_t *sets) {
    FD_ZERO(&sets->to_read);
    FD_ZERO(&sets->to_write);
    sets->highest = -1;
}

// Whether a descriptor can be read within `seconds`, 1 or 0; -1 if it is none.
static int is_readable(int fd, long seconds) {
    sets_t sets;
    clear(&sets);
    add(&sets.to_read, &sets, fd);
    struct timeval timeout = { .tv_sec = seconds };
    int ready;
    do {
        ready = NET(select)(sets.highest + 1, &sets.to_read, NULL, NULL, &timeout);
    } while (ready < 0 && errno == EINTR);
    return ready;
}

// A bell that has been heard once, since lwIP may have been built without a loopback interface; or -1.
static int bell_new(void) {
    int fd = NET(socket)(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) {
        return -1;
    }
    struct sockaddr_in here;
    socklen_t size = sizeof(here);
    memset(&here, 0, sizeof(here));
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (NET(bind)(fd, (struct sockaddr *)&here, sizeof(here)) == 0
        && NET(getsockname)(fd, (struct sockaddr *)&here, &size) == 0
        && NET(connect)(fd, (struct sockaddr *)&here, sizeof(here)) == 0
        && ring(fd) > 0
        && is_readable(fd, FIRST_RING_S) > 0
        && drain(fd)) {
        return fd;
    }
    NET(close)(fd);
    return -1;
}

// ---- The task ----

static void earlier(uint32_t *ms, uint32_t than) {
    *ms = *ms < than ? *ms : than;
}

// With the lock held: schedules the pumps that are due, and puts what is to be watched into the sets. Returns for how many
// milliseconds; `*wake_main` is set if there is something for Python to do.
static uint32_t look(uint32_t now, sets_t *sets, bool *wake_main) {
    uint32_t ms = FOR_EVER;
    clear(sets);
    add(&sets->to_read, sets, bell);
    for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
        if (wake->armed && wake->limited && (int32_t)(now - wake->deadline) >= 0) {
            wake->armed = false;
            wake->due = true;
        }
        if (wake->due && !wake->scheduled) {
            wake->scheduled = mp_sched_schedule(wake->pump, wake->device);
            *wake_main = true;
            if (!wake->scheduled) {
                earlier(&ms, QUEUE_FULL_MS);
            }
        }
        wake->expected = !wake->armed;
        if (wake->expected) {
            earlier(&ms, UNARMED_MS);
            continue;
        }
        for (size_t i = 0; i < PORT_WATCHES; i++) {
            add(&sets->to_read, sets, wake->fds[i]);
            if (wake->write[i]) {
                add(&sets->to_write, sets, wake->fds[i]);
            }
        }
        if (wake->limited) {
            earlier(&ms, wake->deadline - now);
        }
    }
    return ms;
}

static bool is_in(const sets_t *sets, int fd) {
    return fd >= 0 && fd < FD_SETSIZE && (FD_ISSET(fd, &sets->to_read) || FD_ISSET(fd, &sets->to_write));
}

// With the lock held. If a descriptor was closed and opened again meanwhile, the pump runs once for nothing.
static void mark(const sets_t *ready) {
    for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
        for (size_t i = 0; i < PORT_WATCHES; i++) {
            if (wake->armed && is_in(ready, wake->fds[i])) {
                wake->armed = false;
                wake->due = true;
            }
        }
    }
}

// Somebody has closed the bell. Its number may be another socket's by now, so it is not closed again.
static void replace_bell(void) {
    int fd = bell_new();
    if (fd < 0) {
        rtos_sleep(NO_BELL_MS);
        return;
    }
    rtos_lock();
    bell = fd;
    rtos_unlock();
}

// After `select` has refused a descriptor, since somebody has closed it. Which device it belongs to is not known: the pump
// of each that watches one looks after its own. (At a soft reset sockets may be closed before devices.)
static void repair(const sets_t *sets, int fd) {
    rtos_lock();
    mark(sets);
    rtos_unlock();
    if (is_readable(fd, 0) < 0) {
        replace_bell();
    }
}

// Whether the task has to end; then the bell, which is `*fd` now, is its own to close.
static bool is_over(int *fd) {
    for (int tries = 0; tries < RINGING_TRIES; tries++) {
        rtos_lock();
        bool over = wakes == NULL && !starting;
        bool wait = over && ringing > 0 && tries < RINGING_TRIES - 1;
        if (over && !wait) {
            *fd = bell;
            bell = -1;
            ringing = 0;
            running = false;
        }
        rtos_unlock();
        if (!wait) {
            return over;
        }
        rtos_sleep(RINGING_MS);
    }
    return false;
}

static void watch(void *unused) {
    (void)unused;
    int fd;
    while (!is_over(&fd)) {
        sets_t sets;
        bool wake_main = false;
        rtos_lock();
        uint32_t ms = look(port_ticks_ms(), &sets, &wake_main);
        fd = bell;
        rtos_unlock();
        if (wake_main) {
            rtos_wake_main();
        }
        sets_t wanted = sets;
        struct timeval timeout = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
        int ready = NET(select)(sets.highest + 1, &sets.to_read, &sets.to_write, NULL, ms == FOR_EVER ? NULL : &timeout);
        if (ready < 0) {
            if (errno != EINTR) {
                repair(&wanted, fd);
            }
            continue;
        }
        if (ready == 0) {
            continue;
        }
        rtos_lock();
        mark(&sets);
        rtos_unlock();
        if (FD_ISSET(fd, &sets.to_read) && !drain(fd)) {
            replace_bell();
        }
    }
    NET(close)(fd);
    rtos_end();
}

// ---- For the binding ----

// With the lock held.
static void leave(port_wake_t *wake) {
    for (port_wake_t **link = &wakes; *link != NULL; link = &(*link)->next) {
        if (*link == wake) {
            *link = wake->next;
            break;
        }
    }
}

// Adds it to the list, and starts the task if it does not run. NULL, or what is wrong.
static const char *join(port_wake_t *wake) {
    for (;;) {
        rtos_lock();
        bool others = starting;
        bool ours = !running && !starting;
        if (running) {
            wake->next = wakes;
            wakes = wake;
        } else {
            starting = true;
        }
        rtos_unlock();
        if (ours) {
            break;
        }
        if (!others) {
            return NULL;
        }
        rtos_sleep(1);
    }
    int fd = bell_new();
    bool started = false;
    rtos_lock();
    bell = fd;
    wake->next = wakes;
    wakes = wake;
    rtos_unlock();
    if (fd >= 0) {
        started = rtos_run(watch, "aliyunIoT");
    }
    rtos_lock();
    starting = false;
    running = started;
    if (!started) {
        leave(wake);
        bell = -1;
    }
    rtos_unlock();
    if (!started && fd >= 0) {
        NET(close)(fd);
    }
    return started ? NULL
           : fd < 0 ? "no socket to itself: the firmware's lwIP needs a loopback interface, and a free socket"
           : "no memory for a task";
}

port_wake_t *port_wake_new(mp_obj_t pump, mp_obj_t device) {
    // The network stack may be started by this module.
    runtime_import(MP_QSTR_socket);
    port_wake_t *wake = rtos_start() ? calloc(1, sizeof(*wake)) : NULL;
    if (wake == NULL) {
        mp_raise_OSError(MP_ENOMEM);
    }
    wake->pump = pump;
    wake->device = device;
    memset(wake->fds, -1, sizeof(wake->fds));
    const char *wrong = join(wake);
    if (wrong != NULL) {
        free(wake);
        runtime_raise_os(MP_ENOMEM, runtime_words(wrong));
    }
    return wake;
}

void port_wake_free(port_wake_t *wake) {
    rtos_lock();
    leave(wake);
    int fd = bell;
    ringing++;
    rtos_unlock();
    ring(fd);
    rtos_lock();
    ringing -= ringing > 0;
    rtos_unlock();
    free(wake);
    // What waits for the last device to end looks again.
    rtos_wake_main();
}

void port_wake_arm(port_wake_t *wake, const port_watch_t *watches, uint32_t ms) {
    uint32_t now = port_ticks_ms();
    rtos_lock();
    for (size_t i = 0; i < PORT_WATCHES; i++) {
        wake->fds[i] = watches == NULL ? -1 : watches[i].fd;
        wake->write[i] = watches != NULL && watches[i].write;
    }
    wake->limited = ms != UINT32_MAX;
    wake->deadline = now + (ms < MS_MAX ? ms : MS_MAX);
    wake->armed = true;
    wake->due = false;
    wake->scheduled = false;
    int fd = bell;
    bool expected = wake->expected;
    rtos_unlock();
    // The device is in the list while it is armed, so the bell stays.
    if (ring(fd) < 0 && errno != EAGAIN && !expected) {
        // lwIP has no memory, and the task sleeps until the deadline before this one: the pump runs again instead.
        rtos_lock();
        wake->armed = false;
        wake->due = true;
        wake->scheduled = mp_sched_schedule(wake->pump, wake->device);
        rtos_unlock();
    }
}

// How many devices there are that are connected, connecting or registering.
size_t port_devices(void) {
    size_t count = 0;
    rtos_lock();
    for (port_wake_t *wake = wakes; wake != NULL; wake = wake->next) {
        count++;
    }
    rtos_unlock();
    return count;
}
