// Whatever waits lasts as long as it says, and the main thread is woken for callbacks only where it can go on as before.
//
// A signal would interrupt any call of the system. MicroPython begins some of them again with their whole timeout, and
// ends others too soon. So no signal is used to wake the main thread, but a descriptor: the bell. The calls of the system
// in which MicroPython waits go through the functions here (the linker's option --wrap: port.mk), which wait for the bell
// as well. What interrupts a wait all the same, the collector's signals to threads, costs it no time and adds none.

#define _GNU_SOURCE // ppoll

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "py/runtime.h"
#include "threads.h"

#define FOR_EVER UINT64_MAX
#define MS_NS ((uint64_t)1000000)
// Descriptors that a poll may watch without memory of its own.
#define FEW (16)

static int bell = -1;

bool waits_start(void) {
    if (bell < 0) {
        bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    }
    return bell >= 0;
}

// Called by signal handlers, too.
void waits_ring(void) {
    if (bell >= 0) {
        int saved = errno;
        eventfd_write(bell, 1);
        errno = saved;
    }
}

void __real_mp_sched_keyboard_interrupt(void);

// Ctrl-C may come just before the main thread begins to wait.
void __wrap_mp_sched_keyboard_interrupt(void) {
    __real_mp_sched_keyboard_interrupt();
    waits_ring();
}

bool __real_mp_sched_schedule(mp_obj_t function, mp_obj_t argument);

// What another thread schedules does not wait until a sleep of the main thread is over.
bool __wrap_mp_sched_schedule(mp_obj_t function, mp_obj_t argument) {
    bool is_scheduled = __real_mp_sched_schedule(function, argument);
    if (is_scheduled && !threads_is_main()) {
        waits_ring();
    }
    return is_scheduled;
}

// ---- Time ----

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct timespec timespec_of(uint64_t ns) {
    return (struct timespec) { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

static uint64_t left_until(uint64_t end) {
    uint64_t now = now_ns();
    return end == FOR_EVER ? FOR_EVER : end > now ? end - now : 0;
}

// ---- The main thread ----

static bool is_heard(void) {
    return bell >= 0 && threads_is_main();
}

static bool is_interrupted(void) {
    return MP_STATE_THREAD(mp_pending_exception) != MP_OBJ_NULL;
}

// Whether MicroPython has something to do in this thread before it waits.
static bool is_wanted(void) {
    return is_interrupted() || (threads_is_main() && MP_STATE_VM(sched_state) == MP_SCHED_PENDING);
}

// Whether anything interrupts waits in this thread: the bell, or the collector of another thread. The watcher runs no
// Python, so nothing does there.
static bool is_interruptible(void) {
    return is_heard() || (threads_are_many() && mp_thread_get_state() != NULL);
}

int __real_poll(struct pollfd *set, nfds_t count, int ms);

// As poll(2), until `end`, and with EINTR at once if the main thread is wanted. What is ready comes first. `set` has room
// for one more.
static int wait_until(struct pollfd *set, nfds_t count, uint64_t end) {
    int ready = count == 0 ? 0 : __real_poll(set, count, 0);
    if (ready != 0) {
        return ready;
    }
    if (is_wanted()) {
        errno = EINTR;
        return -1;
    }
    uint64_t left = left_until(end);
    struct timespec timeout = timespec_of(left);
    bool heard = is_heard();
    set[count] = (struct pollfd) { .fd = bell, .events = POLLIN };
    ready = ppoll(set, count + heard, left == FOR_EVER ? NULL : &timeout, NULL);
    if (ready > 0 && heard && set[count].revents != 0) {
        eventfd_t rings;
        eventfd_read(bell, &rings);
        ready--;
        if (ready == 0) {
            errno = EINTR;
            return -1;
        }
    }
    return ready;
}

// ---- Sleeps ----

int __real_select(int count, fd_set *to_read, fd_set *to_write, fd_set *others, struct timeval *timeout);

// What `time.sleep` does; it goes on with the time that is left.
int __wrap_select(int count, fd_set *to_read, fd_set *to_write, fd_set *others, struct timeval *timeout) {
    if (count != 0 || timeout == NULL || timeout->tv_sec < 0 || timeout->tv_usec < 0 || !is_heard()) {
        return __real_select(count, to_read, to_write, others, timeout);
    }
    struct pollfd set[1];
    uint64_t end = now_ns() + (uint64_t)timeout->tv_sec * 1000000000 + (uint64_t)timeout->tv_usec * 1000;
    int result = wait_until(set, 0, end);
    // Rounded up, lest the rest is too short.
    uint64_t left = (left_until(end) + 999) / 1000;
    *timeout = (struct timeval) { .tv_sec = left / 1000000, .tv_usec = left % 1000000 };
    return result;
}

static void sleep_until(uint64_t end) {
    struct timespec when = timespec_of(end);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) == EINTR && !is_interrupted()) {
    }
}

// What `time.sleep_us` does, and each step of `time.sleep_ms`. Callbacks come after it.
int __wrap_usleep(useconds_t us) {
    sleep_until(now_ns() + (uint64_t)us * 1000);
    return 0;
}

void __real_mp_hal_delay_ms(mp_uint_t ms);

// What `time.sleep_ms` does. It looks after callbacks each half millisecond, and counts on a clock of whole ones.
void __wrap_mp_hal_delay_ms(mp_uint_t ms) {
    uint64_t end = now_ns() + (uint64_t)ms * MS_NS;
    __real_mp_hal_delay_ms(ms);
    sleep_until(end);
}

// What `select.poll` does, and so asyncio. After EINTR it goes on with the time that is left on its clock of whole
// milliseconds, or returns if there is none: so it gets one more, and no EINTR in the last one.
int __wrap_poll(struct pollfd *set, nfds_t count, int ms) {
    if (ms == 0 || !is_interruptible()) {
        return __real_poll(set, count, ms);
    }
    struct pollfd few[FEW + 1];
    struct pollfd *more = count <= FEW ? few : malloc((count + 1) * sizeof(*more));
    if (more == NULL) {
        errno = ENOMEM;
        return -1;
    }
    memcpy(more, set, count * sizeof(*more));
    uint64_t end = ms < 0 ? FOR_EVER : now_ns() + ((uint64_t)ms + 1) * MS_NS;
    int result = wait_until(more, count, end);
    int error = errno;
    if (result < 0 && left_until(end) < 2 * MS_NS) {
        sleep_until(end);
    }
    memcpy(set, more, count * sizeof(*more));
    if (more != few) {
        free(more);
    }
    errno = error;
    return result;
}

// ---- Descriptors ----

// Whether a call that may block has to be waited for here.
static bool is_waited_for(int fd) {
    if (!is_interruptible()) {
        return false;
    }
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && !(flags & O_NONBLOCK);
}

// When a call of this socket has to give up; `option` is SO_RCVTIMEO or SO_SNDTIMEO.
static uint64_t end_of(int fd, int option) {
    struct timeval timeout = { 0 };
    socklen_t size = sizeof(timeout);
    if (getsockopt(fd, SOL_SOCKET, option, &timeout, &size) != 0 || (timeout.tv_sec == 0 && timeout.tv_usec == 0)) {
        return FOR_EVER;
    }
    return now_ns() + (uint64_t)timeout.tv_sec * 1000000000 + (uint64_t)timeout.tv_usec * 1000;
}

// Waits until the descriptor is ready, with callbacks meanwhile. False if there is no more time. Ctrl-C raises, as it does
// where MicroPython begins such a call again.
static bool wait_for(int fd, short events, uint64_t end) {
    for (;;) {
        struct pollfd set[2] = { { .fd = fd, .events = events } };
        int result = wait_until(set, 1, end);
        if (result >= 0) {
            return result > 0;
        }
        if (errno != EINTR) {
            return true; // the call itself says why
        }
        mp_handle_pending(true);
    }
}

static bool wait_to_read(int fd) {
    if (!is_waited_for(fd) || wait_for(fd, POLLIN, end_of(fd, SO_RCVTIMEO))) {
        return true;
    }
    errno = EAGAIN;
    return false;
}

static bool wait_to_write(int fd) {
    if (!is_waited_for(fd) || wait_for(fd, POLLOUT, end_of(fd, SO_SNDTIMEO))) {
        return true;
    }
    errno = EAGAIN;
    return false;
}

ssize_t __real_read(int fd, void *data, size_t size);
ssize_t __real_recv(int fd, void *data, size_t size, int flags);
ssize_t __real_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *from_size);
int __real_accept(int fd, struct sockaddr *from, socklen_t *from_size);
int __real_connect(int fd, const struct sockaddr *to, socklen_t to_size);
ssize_t __real_send(int fd, const void *data, size_t size, int flags);
ssize_t __real_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t to_size);

ssize_t __wrap_read(int fd, void *data, size_t size) {
    return wait_to_read(fd) ? __real_read(fd, data, size) : -1;
}

ssize_t __wrap_recv(int fd, void *data, size_t size, int flags) {
    return flags & MSG_DONTWAIT || wait_to_read(fd) ? __real_recv(fd, data, size, flags) : -1;
}

ssize_t __wrap_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *from_size) {
    return flags & MSG_DONTWAIT || wait_to_read(fd) ? __real_recvfrom(fd, data, size, flags, from, from_size) : -1;
}

int __wrap_accept(int fd, struct sockaddr *from, socklen_t *from_size) {
    return wait_to_read(fd) ? __real_accept(fd, from, from_size) : -1;
}

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags) {
    return flags & MSG_DONTWAIT || wait_to_write(fd) ? __real_send(fd, data, size, flags) : -1;
}

ssize_t __wrap_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t to_size) {
    return flags & MSG_DONTWAIT || wait_to_write(fd) ? __real_sendto(fd, data, size, flags, to, to_size) : -1;
}

// A connection goes on being made when the call is interrupted.
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t to_size) {
    if (!is_waited_for(fd)) {
        return __real_connect(fd, to, to_size);
    }
    uint64_t end = end_of(fd, SO_SNDTIMEO);
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    int result = __real_connect(fd, to, to_size);
    int error = errno;
    fcntl(fd, F_SETFL, flags);
    if (result == 0 || error != EINPROGRESS) {
        errno = error;
        return result;
    }
    if (!wait_for(fd, POLLOUT, end)) {
        errno = EINPROGRESS;
        return -1;
    }
    socklen_t size = sizeof(error);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    return error == 0 ? 0 : -1;
}
