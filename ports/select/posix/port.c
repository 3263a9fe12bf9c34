// FreeRTOS's calls on the threads of a computer, so that ../wake.c runs under MicroPython's unix port. For tests alone:
// programs for a computer have ports/unix.

#define _GNU_SOURCE // pthread_setname_np, recursive mutexes

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "FreeRTOS.h"
#include "task.h"
#include "../../unix/threads.h"

static pthread_mutex_t critical = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
// Of the thread that is in the critical section.
static unsigned nested;
static int cancellable;

// MicroPython cancels the threads that still run when the script ends. None may be cancelled in a critical section.
void taskENTER_CRITICAL(void) {
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    pthread_mutex_lock(&critical);
    if (nested++ == 0) {
        cancellable = before;
    }
}

void taskEXIT_CRITICAL(void) {
    int before = cancellable;
    bool left = --nested == 0;
    pthread_mutex_unlock(&critical);
    if (left) {
        pthread_setcancelstate(before, NULL);
    }
}

typedef struct {
    TaskFunction_t task;
    void *argument;
} start_t;

static void *run(void *start_in) {
    start_t start = *(start_t *)start_in;
    free(start_in);
    start.task(start.argument);
    abort(); // A task of FreeRTOS never returns.
}

BaseType_t xTaskCreate(TaskFunction_t task, const char *name, uint32_t depth, void *argument, UBaseType_t priority, TaskHandle_t *created) {
    (void)priority;
    (void)created;
    if (!waits_start()) {
        return 0;
    }
    start_t *start = malloc(sizeof(*start));
    if (start == NULL) {
        return 0;
    }
    *start = (start_t) { task, argument };
    size_t size = depth * sizeof(StackType_t);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, size > (size_t)PTHREAD_STACK_MIN ? size : (size_t)PTHREAD_STACK_MIN);
    // Signals are for the threads that run Python.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int result = pthread_create(&thread, &attributes, run, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        free(start);
        return 0;
    }
    pthread_setname_np(thread, name);
    return pdPASS;
}

void vTaskDelete(TaskHandle_t task) {
    (void)task;
    pthread_exit(NULL);
}

void vTaskDelay(TickType_t ticks) {
    usleep(ticks * 1000 * portTICK_PERIOD_MS);
}

void mp_hal_wake_main_task(void) {
    waits_ring();
}
