#ifndef TESTS_SHAPES_SEMPHR_H
#define TESTS_SHAPES_SEMPHR_H

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

struct QueueDefinition;
typedef struct QueueDefinition *QueueHandle_t;
typedef QueueHandle_t SemaphoreHandle_t;

QueueHandle_t xQueueCreateMutex(uint8_t type);
QueueHandle_t xQueueGenericCreate(UBaseType_t length, UBaseType_t size, uint8_t type);
BaseType_t xQueueSemaphoreTake(QueueHandle_t queue, TickType_t ticks);
BaseType_t xQueueTakeMutexRecursive(QueueHandle_t queue, TickType_t ticks);
BaseType_t xQueueGiveMutexRecursive(QueueHandle_t queue);
BaseType_t xQueueGenericSend(QueueHandle_t queue, const void *item, TickType_t ticks, BaseType_t where);
BaseType_t xQueueGenericSendFromISR(QueueHandle_t queue, const void *item, BaseType_t *woken, BaseType_t where);
BaseType_t xQueueReceive(QueueHandle_t queue, void *item, TickType_t ticks);
UBaseType_t uxQueueMessagesWaiting(QueueHandle_t queue);
void vQueueDelete(QueueHandle_t queue);

// Macros over queues, as FreeRTOS has them.
#define xQueueCreate(length, size) xQueueGenericCreate((length), (size), 0)
#define xQueueSendToBack(queue, item, ticks) xQueueGenericSend((queue), (item), (ticks), 0)
#define xQueueSendToBackFromISR(queue, item, woken) xQueueGenericSendFromISR((queue), (item), (woken), 0)
#define xSemaphoreCreateBinary() xQueueGenericCreate(1, 0, 3)
#define xSemaphoreCreateMutex() xQueueCreateMutex(1)
#define xSemaphoreCreateRecursiveMutex() xQueueCreateMutex(4)
#define xSemaphoreTakeRecursive(semaphore, ticks) xQueueTakeMutexRecursive((semaphore), (ticks))
#define xSemaphoreGiveRecursive(semaphore) xQueueGiveMutexRecursive(semaphore)
#define xSemaphoreTake(semaphore, ticks) xQueueSemaphoreTake((semaphore), (ticks))
#define xSemaphoreGive(semaphore) xQueueGenericSend((semaphore), (void *)0, 0, 0)
#define vSemaphoreDelete(semaphore) vQueueDelete(semaphore)

#ifdef __cplusplus
}
#endif

#endif
