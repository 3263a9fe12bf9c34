// What ports/bsd calls of FreeRTOS, in the shape of its headers: compiled with, never run.
#ifndef TESTS_SHAPES_FREERTOS_H
#define TESTS_SHAPES_FREERTOS_H

#include <stdint.h>

typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t TickType_t;
typedef uint32_t StackType_t;

#define portMAX_DELAY ((TickType_t)0xffffffffUL)
#define pdPASS ((BaseType_t)1)
#define pdTRUE ((BaseType_t)1)
#define pdMS_TO_TICKS(ms) ((TickType_t)(ms))

#endif
