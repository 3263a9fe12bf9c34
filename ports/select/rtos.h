// What wake.c needs of the RTOS below MicroPython, by the names of each.
//
// FreeRTOS as it comes, and ESP-IDF's, have critical sections. Quectel's have mutexes: on UniRTOS MicroPython's scheduler
// itself takes one, which a critical section must not do.
#ifndef ALIYUN_IOT_SELECT_RTOS_H
#define ALIYUN_IOT_SELECT_RTOS_H

#include <stdbool.h>
#include <stdint.h>

// The files that are searched for names only (NO_QSTR) are searched without the SDK's headers on some ports.
#ifndef NO_QSTR
#if defined(ESP_PLATFORM)
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "lwip/sockets.h"
#include "py/mphal.h"
#elif __has_include("helios_os.h")
#include "helios_os.h"
#include "lwip/sockets.h"
#define RTOS_HELIOS (1)
#elif __has_include("qosa_sys.h")
#include "qosa_sys.h"
#include "qosa_sockets.h"
#define RTOS_UNIRTOS (1)
#else
#include "FreeRTOS.h"
#include "task.h"
#if defined(__unix__) && !ALIYUN_IOT_LWIP
#include <netinet/in.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
#else
#include "lwip/sockets.h"
#endif
#endif
#endif

// A call of the sockets: lwIP has all of them under names of its own, whatever else it is set to. On a computer they are
// the computer's, unless ALIYUN_IOT_LWIP is set.
#if defined(__unix__) && !ALIYUN_IOT_LWIP
#define NET(call) call
#else
#define NET(call) lwip_##call
#endif

// The stack of the task in bytes; the README says what it uses.
#ifndef ALIYUN_IOT_WAKE_STACK
#define ALIYUN_IOT_WAKE_STACK (3072)
#endif

// Each port has:
//
// bool rtos_start(void)         what the lock needs; called again and again, by one thread at a time
// void rtos_lock(void)          no other thread or task has the lock; mp_sched_schedule() is called with it
// void rtos_unlock(void)
// bool rtos_run(task, name)     starts a task that is served before the tasks of Python
// void rtos_end(void)           ends the task that calls it
// void rtos_sleep(ms)
// void rtos_wake_main(void)     ends the wait of the task that runs Python, where the port can

#if defined(ESP_PLATFORM)

// A task may be deleted at a soft reset, but never in a critical section.
static portMUX_TYPE rtos_mux = portMUX_INITIALIZER_UNLOCKED;

static inline bool rtos_start(void) {
    return true;
}

static inline void rtos_lock(void) {
    portENTER_CRITICAL(&rtos_mux);
}

static inline void rtos_unlock(void) {
    portEXIT_CRITICAL(&rtos_mux);
}

static inline bool rtos_run(void (*task)(void *), const char *name) {
    // On the core of the tasks that run Python.
    return xTaskCreatePinnedToCore(task, name, ALIYUN_IOT_WAKE_STACK / sizeof(StackType_t), NULL,
        uxTaskPriorityGet(mp_main_task_handle) + 1, NULL, MP_TASK_COREID) == pdPASS;
}

static inline void rtos_end(void) {
    vTaskDelete(NULL);
}

static inline void rtos_sleep(uint32_t ms) {
    vTaskDelay(ms / portTICK_PERIOD_MS + 1);
}

static inline void rtos_wake_main(void) {
    mp_hal_wake_main_task();
}

#elif RTOS_HELIOS

static Helios_Mutex_t rtos_mutex;

static inline bool rtos_start(void) {
    if (rtos_mutex == 0) {
        rtos_mutex = Helios_Mutex_Create();
    }
    return rtos_mutex != 0;
}

static inline void rtos_lock(void) {
    if (rtos_mutex != 0) {
        Helios_Mutex_Lock(rtos_mutex, HELIOS_WAIT_FOREVER);
    }
}

static inline void rtos_unlock(void) {
    if (rtos_mutex != 0) {
        Helios_Mutex_Unlock(rtos_mutex);
    }
}

// Lower numbers are served first; the tasks of Python have 100. Some modules count the stack in words of four bytes.
static inline bool rtos_run(void (*task)(void *), const char *name) {
    Helios_ThreadAttr attributes = {
        .name = (char *)name, .stack_size = ALIYUN_IOT_WAKE_STACK, .priority = 99, .entry = task, .argv = NULL,
    };
    return Helios_Thread_Create(&attributes) != 0;
}

static inline void rtos_end(void) {
    Helios_Thread_Exit();
}

static inline void rtos_sleep(uint32_t ms) {
    Helios_msleep(ms);
}

static inline void rtos_wake_main(void) {
}

#elif RTOS_UNIRTOS

static qosa_mutex_t rtos_mutex;

static inline bool rtos_start(void) {
    return rtos_mutex != QOSA_NULL || qosa_mutex_create(&rtos_mutex) == QOSA_ERROR_OK;
}

static inline void rtos_lock(void) {
    if (rtos_mutex != QOSA_NULL) {
        qosa_mutex_lock(rtos_mutex, QOSA_WAIT_FOREVER);
    }
}

static inline void rtos_unlock(void) {
    if (rtos_mutex != QOSA_NULL) {
        qosa_mutex_unlock(rtos_mutex);
    }
}

static inline bool rtos_run(void (*task)(void *), const char *name) {
    qosa_task_t created = QOSA_NULL;
    return qosa_task_create(&created, ALIYUN_IOT_WAKE_STACK, QOSA_PRIORITY_NORMAL + 1, (char *)name, task, QOSA_NULL)
           == QOSA_ERROR_OK;
}

static inline void rtos_end(void) {
    qosa_task_t self = QOSA_NULL;
    qosa_task_get_current_ref(&self);
    qosa_task_delete(self);
}

static inline void rtos_sleep(uint32_t ms) {
    qosa_task_sleep_ms(ms);
}

// The prompt waits for input; `utime.sleep` waits in one piece, and nothing ends it.
static inline void rtos_wake_main(void) {
    extern void mp_hal_stdio_wake(void);
    mp_hal_stdio_wake();
}

#else

void mp_hal_wake_main_task(void);

#ifndef ALIYUN_IOT_WAKE_PRIORITY
#define ALIYUN_IOT_WAKE_PRIORITY (tskIDLE_PRIORITY + 2)
#endif

static inline bool rtos_start(void) {
    return true;
}

static inline void rtos_lock(void) {
    taskENTER_CRITICAL();
}

static inline void rtos_unlock(void) {
    taskEXIT_CRITICAL();
}

static inline bool rtos_run(void (*task)(void *), const char *name) {
    return xTaskCreate(task, name, ALIYUN_IOT_WAKE_STACK / sizeof(StackType_t), NULL, ALIYUN_IOT_WAKE_PRIORITY, NULL) == pdPASS;
}

static inline void rtos_end(void) {
    vTaskDelete(NULL);
}

static inline void rtos_sleep(uint32_t ms) {
    vTaskDelay(ms / portTICK_PERIOD_MS + 1);
}

static inline void rtos_wake_main(void) {
    mp_hal_wake_main_task();
}

#endif

#endif
