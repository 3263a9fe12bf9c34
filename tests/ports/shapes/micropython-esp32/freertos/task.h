#ifndef TESTS_SHAPES_IDF_TASK_H
#define TESTS_SHAPES_IDF_TASK_H

#include "freertos/FreeRTOS.h"

struct tskTaskControlBlock;
typedef struct tskTaskControlBlock *TaskHandle_t;
typedef void (*TaskFunction_t)(void *);

BaseType_t xTaskCreatePinnedToCore(TaskFunction_t task, const char *name, const uint32_t depth, void *argument,
    UBaseType_t priority, TaskHandle_t *created, const BaseType_t core);
void vTaskDelete(TaskHandle_t task);
void vTaskDelay(const TickType_t ticks);
UBaseType_t uxTaskPriorityGet(const TaskHandle_t task);

#endif
