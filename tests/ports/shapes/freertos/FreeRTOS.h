// What ports/bsd, and lwIP's own port, call of FreeRTOS, in the shape of its headers: compiled with, never run.
#ifndef TESTS_SHAPES_FREERTOS_H
#define TESTS_SHAPES_FREERTOS_H

#include <stdint.h>

#define configSUPPORT_DYNAMIC_ALLOCATION 1
#define configUSE_MUTEXES 1
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS 0
#define configSTACK_DEPTH_TYPE uint32_t
#define INCLUDE_vTaskDelay 1
#define INCLUDE_vTaskSuspend 1

typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t TickType_t;
typedef uint32_t StackType_t;

#define portMAX_DELAY ((TickType_t)0xffffffffUL)
#define portTICK_PERIOD_MS ((TickType_t)1)
#define portTICK_RATE_MS portTICK_PERIOD_MS
#define pdMS_TO_TICKS(ms) ((TickType_t)(ms))
#define pdPASS ((BaseType_t)1)
#define pdTRUE ((BaseType_t)1)
#define pdFALSE ((BaseType_t)0)
#define errQUEUE_EMPTY ((BaseType_t)0)
#define errQUEUE_FULL ((BaseType_t)0)

void vPortEnterCritical(void);
void vPortExitCritical(void);
#define taskENTER_CRITICAL() vPortEnterCritical()
#define taskEXIT_CRITICAL() vPortExitCritical()

#endif
