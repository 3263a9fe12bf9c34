// Of the shape of UniRTOS's header of its tasks and mutexes, as far as ports/select asks for it.
#ifndef SHAPE_QOSA_SYS_H
#define SHAPE_QOSA_SYS_H

#include <stdint.h>

typedef uint8_t qosa_uint8_t;
typedef uint32_t qosa_uint32_t;
typedef void *qosa_task_t;
typedef void *qosa_mutex_t;

#define QOSA_NULL ((void *)0)
#define QOSA_ERROR_OK (0)
#define QOSA_WAIT_FOREVER (0xffffffffUL)
#define QOSA_PRIORITY_NORMAL (100)

int qosa_task_create(qosa_task_t *task, qosa_uint32_t stack, qosa_uint8_t priority, char *name, void (*entry)(void *), void *argument, ...);
int qosa_task_delete(qosa_task_t task);
int qosa_task_get_current_ref(qosa_task_t *task);
int qosa_task_sleep_ms(qosa_uint32_t ms);
int qosa_mutex_create(qosa_mutex_t *mutex);
int qosa_mutex_lock(qosa_mutex_t mutex, qosa_uint32_t ms);
int qosa_mutex_try_lock(qosa_mutex_t mutex);
int qosa_mutex_unlock(qosa_mutex_t mutex);
int qosa_mutex_delete(qosa_mutex_t mutex);

#endif
