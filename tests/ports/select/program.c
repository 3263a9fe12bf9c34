// ports/select/wake.c without MicroPython: what it must do whatever happens to its descriptors, its bell and MicroPython's
// queue. One program, made twice by test_select_on_rtos.py:
//
// - on FreeRTOS's kernel and lwIP, which run in this process (KERNEL): one processor, lwIP in a task of its own,
// - on threads and the sockets of the computer (../../../ports/select/posix): tasks that run at the same time.
//
// The stand-ins for MicroPython are a queue of eight callbacks and a main task that runs them.

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "base/port.h"
#include "base/runtime.h"

#if KERNEL
#include "lwip/sockets.h"
#include "lwip/tcpip.h"
#define NET(call) lwip_##call
#define REAL(call) __real_lwip_##call
#define WRAP(call) __wrap_lwip_##call
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#define NET(call) call
#define REAL(call) __real_##call
#define WRAP(call) __wrap_##call
#endif

#define QUEUE (8)
#define DEVICES (4)
// What is waited for, and how long nothing may happen.
#define WITHIN_MS (5000)
#define QUIET_MS (1500)

// ---- Time, and the main task ----

#if KERNEL

static TaskHandle_t main_task;

uint32_t port_ticks_ms(void) {
    return xTaskGetTickCount();
}

void mp_hal_wake_main_task(void) {
    xTaskNotifyGive(main_task);
}

static void main_waits(uint32_t ms) {
    ulTaskNotifyTake(pdTRUE, ms);
}

// lwIP's own port to FreeRTOS makes it for tasks that ask for it, ESP-IDF's for each that calls lwIP.
sys_sem_t *__real_sys_arch_netconn_sem_get(void);

sys_sem_t *__wrap_sys_arch_netconn_sem_get(void) {
    sys_arch_netconn_sem_alloc();
    return __real_sys_arch_netconn_sem_get();
}

#else

static sem_t woken;

uint32_t port_ticks_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

bool waits_start(void) {
    return true;
}

void waits_ring(void) {
    sem_post(&woken);
}

static void main_waits(uint32_t ms) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    uint64_t ns = end.tv_nsec + (uint64_t)ms * 1000000;
    end.tv_sec += ns / 1000000000;
    end.tv_nsec = ns % 1000000000;
    sem_timedwait(&woken, &end);
}

#endif

// ---- MicroPython ----

typedef struct {
    port_wake_t *wake;
    int fd;   // what it watches
    int peer; // the other end of it
    unsigned pumped;
    bool again; // the pump reads, and arms it again
} device_t;

static struct {
    mp_obj_t function;
    mp_obj_t argument;
} queue[QUEUE];
static unsigned queued;

bool mp_sched_schedule(mp_obj_t function, mp_obj_t argument) {
    taskENTER_CRITICAL();
    bool fits = queued < QUEUE;
    if (fits) {
        queue[queued].function = function;
        queue[queued++].argument = argument;
    }
    taskEXIT_CRITICAL();
    return fits;
}

static jmp_buf raised;
static const char *said;

void mp_raise_OSError(int number) {
    said = strerror(number);
    longjmp(raised, 1);
}

void runtime_raise_os(int number, mp_obj_t words) {
    (void)number;
    said = words;
    longjmp(raised, 1);
}

mp_obj_t runtime_words(const char *text) {
    return (mp_obj_t)text;
}

mp_obj_t runtime_import(int name) {
    (void)name;
    return NULL;
}

static void hear(device_t *device) {
    char heard[8];
    NET(recv)(device->fd, heard, sizeof(heard), MSG_DONTWAIT);
}

static void pump(mp_obj_t device_in) {
    device_t *device = device_in;
    device->pumped++;
    if (device->again) {
        hear(device);
        port_watch_t watches[PORT_WATCHES] = { { NULL, device->fd, false }, { NULL, -1, false } };
        port_wake_arm(device->wake, watches, UINT32_MAX);
    }
}

static void nothing(mp_obj_t unused) {
    (void)unused;
}

static void run_scheduled(void) {
    for (;;) {
        void (*function)(mp_obj_t) = NULL;
        mp_obj_t argument = NULL;
        taskENTER_CRITICAL();
        if (queued > 0) {
            function = (void (*)(mp_obj_t))queue[0].function;
            argument = queue[0].argument;
            memmove(queue, queue + 1, --queued * sizeof(queue[0]));
        }
        taskEXIT_CRITICAL();
        if (function == NULL) {
            return;
        }
        function(argument);
    }
}

// Runs what is scheduled until the device was pumped that often, or for so long. Returns how often it was.
static unsigned pumped(device_t *device, unsigned wanted, uint32_t ms) {
    uint32_t begun = port_ticks_ms(), past;
    while (run_scheduled(), device->pumped < wanted && (past = port_ticks_ms() - begun) < ms) {
        main_waits(ms - past);
    }
    return device->pumped;
}

// ---- What the calls of wake.c come upon ----

static unsigned selects;
static int bell = -1; // the last datagram socket
static enum { RINGS, FAILS, IS_LOST } ringing;
static int datagrams; // that are open

int REAL(select)(int count, fd_set *to_read, fd_set *to_write, fd_set *others, struct timeval *timeout);
int REAL(socket)(int domain, int type, int protocol);
int REAL(close)(int fd);
ssize_t REAL(send)(int fd, const void *data, size_t size, int flags);

int WRAP(select)(int count, fd_set *to_read, fd_set *to_write, fd_set *others, struct timeval *timeout) {
    __atomic_add_fetch(&selects, 1, __ATOMIC_SEQ_CST);
    return REAL(select)(count, to_read, to_write, others, timeout);
}

int WRAP(socket)(int domain, int type, int protocol) {
    int fd = REAL(socket)(domain, type, protocol);
    if (fd >= 0 && type == SOCK_DGRAM) {
        __atomic_store_n(&bell, fd, __ATOMIC_SEQ_CST);
        __atomic_add_fetch(&datagrams, 1, __ATOMIC_SEQ_CST);
    }
    return fd;
}

int WRAP(close)(int fd) {
    if (fd == __atomic_load_n(&bell, __ATOMIC_SEQ_CST)) {
        __atomic_store_n(&bell, -1, __ATOMIC_SEQ_CST);
        __atomic_sub_fetch(&datagrams, 1, __ATOMIC_SEQ_CST);
    }
    return REAL(close)(fd);
}

ssize_t WRAP(send)(int fd, const void *data, size_t size, int flags) {
    if (fd == __atomic_load_n(&bell, __ATOMIC_SEQ_CST)) {
        switch (__atomic_load_n(&ringing, __ATOMIC_SEQ_CST)) {
            case FAILS:
                errno = ENOMEM;
                return -1;
            case IS_LOST:
                return size;
            default:
                break;
        }
    }
    return REAL(send)(fd, data, size, flags);
}

// ---- Devices ----

static device_t devices[DEVICES];

// A connection of this program with itself.
static void open_link(device_t *device) {
    struct sockaddr_in here;
    socklen_t size = sizeof(here);
    memset(&here, 0, sizeof(here));
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = NET(socket)(AF_INET, SOCK_STREAM, 0);
    NET(bind)(listener, (struct sockaddr *)&here, size);
    NET(listen)(listener, 1);
    NET(getsockname)(listener, (struct sockaddr *)&here, &size);
    device->peer = NET(socket)(AF_INET, SOCK_STREAM, 0);
    NET(connect)(device->peer, (struct sockaddr *)&here, size);
    device->fd = NET(accept)(listener, NULL, NULL);
    NET(close)(listener);
    if (device->fd < 0) {
        printf("no connection\n");
        exit(1);
    }
}

static void begin(device_t *device) {
    memset(device, 0, sizeof(*device));
    open_link(device);
    device->wake = port_wake_new((mp_obj_t)pump, device);
}

static void end(device_t *device) {
    port_wake_free(device->wake);
    NET(close)(device->fd);
    NET(close)(device->peer);
}

static void arm(device_t *device, bool write, uint32_t ms) {
    port_watch_t watches[PORT_WATCHES] = { { NULL, device->fd, write }, { NULL, -1, false } };
    port_wake_arm(device->wake, watches, ms);
}

static void speak(device_t *device) {
    NET(send)(device->peer, "x", 1, 0);
}

static int failures;

static void check(bool good, const char *what) {
    printf("%s: %s\n", good ? "ok" : "FAILED", what);
    fflush(stdout);
    failures += !good;
}

// Until the task has taken what was armed and sleeps: it has not gone on for a while, on a machine that may be busy.
static void settle(void) {
    unsigned quiet = 0;
    while (quiet < 3) {
        unsigned before = __atomic_load_n(&selects, __ATOMIC_SEQ_CST);
        vTaskDelay(100);
        run_scheduled();
        quiet = __atomic_load_n(&selects, __ATOMIC_SEQ_CST) == before ? quiet + 1 : 0;
    }
}

static bool wait_until_over(void) {
    uint32_t begun = port_ticks_ms();
    while (__atomic_load_n(&datagrams, __ATOMIC_SEQ_CST) > 0 && port_ticks_ms() - begun < WITHIN_MS) {
        main_waits(10);
    }
    return __atomic_load_n(&datagrams, __ATOMIC_SEQ_CST) == 0;
}

// ---- What is checked ----

static void ready_and_deadlines(void) {
    device_t *one = &devices[0];
    begin(one);
    arm(one, false, UINT32_MAX);
    settle();
    speak(one);
    check(pumped(one, 1, WITHIN_MS) == 1, "what arrives runs the pump");
    check(pumped(one, 2, QUIET_MS) == 1, "once, until the device is armed again");
    hear(one);
    arm(one, true, UINT32_MAX);
    check(pumped(one, 2, WITHIN_MS) == 2, "a socket that can be written runs the pump");
    uint32_t begun = port_ticks_ms();
    arm(one, false, 120);
    check(pumped(one, 3, WITHIN_MS) == 3 && port_ticks_ms() - begun >= 120, "a deadline runs the pump, not before its time");
    arm(one, false, 0);
    check(pumped(one, 4, WITHIN_MS) == 4, "a deadline of 0 runs the pump at once");
    port_wake_arm(one->wake, NULL, 50);
    speak(one);
    check(pumped(one, 5, WITHIN_MS) == 5, "without sockets the time counts");
    end(one);
}

static void idle(void) {
    for (size_t i = 0; i < DEVICES; i++) {
        begin(&devices[i]);
        arm(&devices[i], false, 600000);
    }
    settle();
    unsigned before = __atomic_load_n(&selects, __ATOMIC_SEQ_CST);
    pumped(&devices[0], 1, 3000);
    unsigned woken_up = __atomic_load_n(&selects, __ATOMIC_SEQ_CST) - before;
    printf("measured: %u devices idle for 3 s: the task woke up %u times\n", DEVICES, woken_up);
    check(woken_up == 0, "idle devices cost nothing");
    speak(&devices[2]);
    check(pumped(&devices[2], 1, WITHIN_MS) == 1 && devices[0].pumped + devices[1].pumped + devices[3].pumped == 0,
        "one task watches them all, and runs the pump of the one that is meant");
    // Its callback takes long, say.
    before = __atomic_load_n(&selects, __ATOMIC_SEQ_CST);
    pumped(&devices[0], 1, 3500);
    woken_up = __atomic_load_n(&selects, __ATOMIC_SEQ_CST) - before;
    printf("measured: a pump of one of them runs for 3.5 s: the task woke up %u times\n", woken_up);
    check(woken_up <= 4, "while a pump runs the task looks once a second");
    for (size_t i = 0; i < DEVICES; i++) {
        end(&devices[i]);
    }
}

static void closed(void) {
    device_t *one = &devices[0], *other = &devices[1];
    begin(one);
    begin(other);
    arm(one, false, UINT32_MAX);
    arm(other, false, UINT32_MAX);
    settle();
    NET(close)(one->fd);
    settle();
    unsigned before = __atomic_load_n(&selects, __ATOMIC_SEQ_CST);
    // Another thread may make the task look again: then select refuses the descriptor.
    arm(other, false, UINT32_MAX);
    settle();
    check(__atomic_load_n(&selects, __ATOMIC_SEQ_CST) - before < 20, "a descriptor that was closed keeps nobody busy");
    other->again = true;
    run_scheduled();
    speak(other);
    unsigned wanted = other->pumped + 1;
    check(pumped(other, wanted, WITHIN_MS) >= wanted, "the other device is heard all the same");
    other->again = false;
    NET(close)(one->peer);
    open_link(one);
    arm(one, false, UINT32_MAX);
    settle();
    wanted = one->pumped + 1;
    speak(one);
    check(pumped(one, wanted, WITHIN_MS) == wanted, "the device is heard on its next descriptor");
    end(one);
    end(other);
}

static void bells(void) {
    device_t *one = &devices[0];
    begin(one);
    // Once the task has taken this it sleeps: before, it looks once a second, and then nothing has to run the pump.
    arm(one, false, UINT32_MAX);
    settle();
    __atomic_store_n(&ringing, FAILS, __ATOMIC_SEQ_CST);
    arm(one, false, UINT32_MAX);
    check(pumped(one, 1, WITHIN_MS) == 1, "a bell that cannot be rung runs the pump");
    __atomic_store_n(&ringing, RINGS, __ATOMIC_SEQ_CST);
    arm(one, false, UINT32_MAX);
    settle();
    speak(one);
    check(pumped(one, 2, WITHIN_MS) == 2, "the task goes on");
    hear(one);
    __atomic_store_n(&ringing, IS_LOST, __ATOMIC_SEQ_CST);
    arm(one, false, UINT32_MAX);
    speak(one);
    check(pumped(one, 3, WITHIN_MS) == 3, "a ring that is lost delays what arrives, and no more");
    __atomic_store_n(&ringing, RINGS, __ATOMIC_SEQ_CST);
    hear(one);
    arm(one, false, UINT32_MAX);
    settle();
    // Somebody closes the wrong descriptor.
    REAL(close)(__atomic_load_n(&bell, __ATOMIC_SEQ_CST));
    one->again = true;
    speak(one);
    pumped(one, one->pumped + 1, WITHIN_MS);
    pumped(one, UINT32_MAX, QUIET_MS);
    settle();
    unsigned before = one->pumped;
    speak(one);
    check(pumped(one, before + 1, WITHIN_MS) > before, "a bell that was closed is replaced");
    one->again = false;
    pumped(one, UINT32_MAX, 100);
    arm(one, false, UINT32_MAX);
    settle();
    before = one->pumped;
    arm(one, false, 50);
    check(pumped(one, before + 1, 900) == before + 1, "the new one rings");
    __atomic_sub_fetch(&datagrams, 1, __ATOMIC_SEQ_CST);
    end(one);
}

static void full(void) {
    device_t *one = &devices[0];
    begin(one);
    while (mp_sched_schedule((mp_obj_t)nothing, NULL)) {
    }
    arm(one, false, 0);
    main_waits(200);
    check(one->pumped == 0, "a full queue takes no pump");
    check(pumped(one, 1, WITHIN_MS) == 1, "the pump is scheduled once there is a place");
    end(one);
}

static void ends(void) {
    check(wait_until_over(), "with the last device the task gives up its bell");
    #if KERNEL
    vTaskDelay(50);
    unsigned before = uxTaskGetNumberOfTasks();
    #endif
    for (int round = 0; round < 50; round++) {
        begin(&devices[0]);
        arm(&devices[0], false, round % 2 ? 0 : UINT32_MAX);
        if (round % 3 == 0) {
            speak(&devices[0]);
            pumped(&devices[0], 1, WITHIN_MS);
        }
        end(&devices[0]);
        run_scheduled();
    }
    check(wait_until_over(), "so it does again and again");
    #if KERNEL
    vTaskDelay(50);
    printf("measured: %u tasks beside it: idle, lwIP, main\n", before);
    check(uxTaskGetNumberOfTasks() == before, "the task ends");
    #endif
    check(port_devices() == 0, "no device is left");
}

static void cannot_start(void) {
    // What a firmware whose lwIP has no loopback interface does: the bell is never heard.
    __atomic_store_n(&ringing, IS_LOST, __ATOMIC_SEQ_CST);
    said = NULL;
    if (setjmp(raised) == 0) {
        port_wake_new((mp_obj_t)pump, &devices[0]);
    }
    __atomic_store_n(&ringing, RINGS, __ATOMIC_SEQ_CST);
    check(said != NULL && strstr(said, "loopback") != NULL, "without a loopback interface the call says so");
    check(wait_until_over() && port_devices() == 0, "and leaves nothing behind");
    begin(&devices[0]);
    arm(&devices[0], false, 0);
    check(pumped(&devices[0], 1, WITHIN_MS) == 1, "the next one works");
    end(&devices[0]);
    wait_until_over();
}

// ---- Several threads ----

#define WORKERS (3)
#define ROUNDS (60)

static unsigned finished;

static void work(void *device_in) {
    device_t *device = device_in;
    for (unsigned round = 0; round < ROUNDS; round++) {
        begin(device);
        arm(device, round % 2, round % 5 ? UINT32_MAX : 1);
        if (round % 3 == 0) {
            speak(device);
        }
        arm(device, false, 0);
        end(device);
    }
    __atomic_add_fetch(&finished, 1, __ATOMIC_SEQ_CST);
    vTaskDelete(NULL);
}

static void threads(void) {
    for (size_t i = 0; i < WORKERS; i++) {
        xTaskCreate(work, "worker", 4096, &devices[i], 1, NULL);
    }
    uint32_t begun = port_ticks_ms();
    while (__atomic_load_n(&finished, __ATOMIC_SEQ_CST) < WORKERS && port_ticks_ms() - begun < 12 * WITHIN_MS) {
        main_waits(10);
        taskENTER_CRITICAL();
        queued = 0;
        taskEXIT_CRITICAL();
    }
    check(__atomic_load_n(&finished, __ATOMIC_SEQ_CST) == WORKERS, "threads begin, arm and end devices at the same time");
    check(wait_until_over() && port_devices() == 0, "nothing is left of them");
}

static void all(void *unused) {
    (void)unused;
    ready_and_deadlines();
    idle();
    closed();
    bells();
    full();
    ends();
    cannot_start();
    threads();
    printf("%s\n", failures == 0 ? "all is well" : "something failed");
    fflush(stdout);
    _Exit(failures != 0);
}

#if KERNEL

static void start(void *unused) {
    main_task = xTaskGetCurrentTaskHandle();
    tcpip_init(NULL, NULL);
    all(unused);
}

int main(void) {
    xTaskCreate(start, "main", 16384, NULL, 1, NULL);
    vTaskStartScheduler();
    return 1;
}

#else

int main(void) {
    sem_init(&woken, 0, 0);
    all(NULL);
    return 1;
}

#endif
