// The mutex and the thread of the operating system, for bsd_shared.c; programs need not include it.
//
// It finds Zephyr, ESP-IDF and FreeRTOS by itself, and uses POSIX threads elsewhere. For another system, write a header with
// the two types and the six functions below, and name it: -DBSD_OS_HEADER='"my_os.h"'. bsd_task.c also calls its
// bool bsd_thread_start(void (*body)(void *)), which starts a thread.
#ifndef ALIYUN_IOT_BSD_OS_H
#define ALIYUN_IOT_BSD_OS_H

#include <stdbool.h>
#include <stddef.h>

#if defined(BSD_OS_HEADER)

#include BSD_OS_HEADER

#else

#if defined(__ZEPHYR__)
#define BSD_OS_ZEPHYR 1
#elif defined(ESP_PLATFORM)
#define BSD_OS_FREERTOS 1
#elif !defined(BSD_OS_FREERTOS) && defined(__has_include)
#if __has_include("FreeRTOS.h")
#define BSD_OS_FREERTOS 1
#endif
#endif

#if BSD_OS_ZEPHYR

#include <zephyr/kernel.h>

typedef struct k_mutex bsd_mutex;
typedef k_tid_t bsd_thread;

static inline bool bsd_mutex_init(bsd_mutex *mutex) {
    return k_mutex_init(mutex) == 0;
}

static inline void bsd_mutex_free(bsd_mutex *mutex) {
    (void)mutex;
}

static inline void bsd_mutex_lock(bsd_mutex *mutex) {
    k_mutex_lock(mutex, K_FOREVER);
}

static inline void bsd_mutex_unlock(bsd_mutex *mutex) {
    k_mutex_unlock(mutex);
}

static inline bsd_thread bsd_thread_self(void) {
    return k_current_get();
}

static inline bool bsd_thread_is_self(bsd_thread thread) {
    return thread == k_current_get();
}

#elif BSD_OS_FREERTOS

#if defined(ESP_PLATFORM)
#include <freertos/FreeRTOS.h>
#include <freertos/semphr.h>
#include <freertos/task.h>
#else
#include <FreeRTOS.h>
#include <semphr.h>
#include <task.h>
#endif

typedef SemaphoreHandle_t bsd_mutex;
typedef TaskHandle_t bsd_thread;

// A mutex and not a binary semaphore: its owner inherits the priority of a task that waits for it.
static inline bool bsd_mutex_init(bsd_mutex *mutex) {
    *mutex = xSemaphoreCreateMutex();
    return *mutex != NULL;
}

static inline void bsd_mutex_free(bsd_mutex *mutex) {
    vSemaphoreDelete(*mutex);
}

static inline void bsd_mutex_lock(bsd_mutex *mutex) {
    xSemaphoreTake(*mutex, portMAX_DELAY);
}

static inline void bsd_mutex_unlock(bsd_mutex *mutex) {
    xSemaphoreGive(*mutex);
}

static inline bsd_thread bsd_thread_self(void) {
    return xTaskGetCurrentTaskHandle();
}

static inline bool bsd_thread_is_self(bsd_thread thread) {
    return thread == xTaskGetCurrentTaskHandle();
}

#else

#include <pthread.h>

typedef pthread_mutex_t bsd_mutex;
typedef pthread_t bsd_thread;

static inline bool bsd_mutex_init(bsd_mutex *mutex) {
    return pthread_mutex_init(mutex, NULL) == 0;
}

static inline void bsd_mutex_free(bsd_mutex *mutex) {
    pthread_mutex_destroy(mutex);
}

static inline void bsd_mutex_lock(bsd_mutex *mutex) {
    pthread_mutex_lock(mutex);
}

static inline void bsd_mutex_unlock(bsd_mutex *mutex) {
    pthread_mutex_unlock(mutex);
}

static inline bsd_thread bsd_thread_self(void) {
    return pthread_self();
}

static inline bool bsd_thread_is_self(bsd_thread thread) {
    return pthread_equal(thread, pthread_self()) != 0;
}

#endif

#endif

#endif
