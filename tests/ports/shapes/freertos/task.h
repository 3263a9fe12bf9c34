#ifndef TESTS_SHAPES_TASK_H
#define TESTS_SHAPES_TASK_H

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tskTaskControlBlock;
typedef struct tskTaskControlBlock *TaskHandle_t;
typedef void (*TaskFunction_t)(void *);

TaskHandle_t xTaskGetCurrentTaskHandle(void);
TickType_t xTaskGetTickCount(void);
BaseType_t xTaskCreate(TaskFunction_t body, const char *name, uint32_t stack, void *argument, UBaseType_t priority, TaskHandle_t *made);
void vTaskDelete(TaskHandle_t task);
void vTaskDelay(TickType_t ticks);

#ifdef __cplusplus
}
#endif

#endif
