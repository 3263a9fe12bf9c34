#ifndef TESTS_SHAPES_SEMPHR_H
#define TESTS_SHAPES_SEMPHR_H

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

struct QueueDefinition;
typedef struct QueueDefinition *QueueHandle_t;
typedef QueueHandle_t SemaphoreHandle_t;

// Macros over queues, as FreeRTOS has them.
QueueHandle_t xQueueCreateMutex(uint8_t type);
BaseType_t xQueueSemaphoreTake(QueueHandle_t queue, TickType_t ticks);
BaseType_t xQueueGenericSend(QueueHandle_t queue, const void *item, TickType_t ticks, BaseType_t where);
void vQueueDelete(QueueHandle_t queue);

#define xSemaphoreCreateMutex() xQueueCreateMutex(1)
#define xSemaphoreTake(semaphore, ticks) xQueueSemaphoreTake((semaphore), (ticks))
#define xSemaphoreGive(semaphore) xQueueGenericSend((semaphore), (void *)0, 0, 0)
#define vSemaphoreDelete(semaphore) vQueueDelete(semaphore)

#ifdef __cplusplus
}
#endif

#endif
