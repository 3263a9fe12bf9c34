// See FreeRTOS.h.
#ifndef FREERTOS_TASK_H
#define FREERTOS_TASK_H

#include "FreeRTOS.h"

typedef struct task *TaskHandle_t;
typedef void (*TaskFunction_t)(void *);

void taskENTER_CRITICAL(void);
void taskEXIT_CRITICAL(void);
// `depth` in words of StackType_t, and more where the system's threads need it.
BaseType_t xTaskCreate(TaskFunction_t task, const char *name, uint32_t depth, void *argument, UBaseType_t priority, TaskHandle_t *created);
// NULL alone, for the task that calls it.
void vTaskDelete(TaskHandle_t task);
void vTaskDelay(TickType_t ticks);

#endif
