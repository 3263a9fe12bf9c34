// What MicroPython's esp32 port and ports/select name of ESP-IDF's FreeRTOS, in the shape of its headers: compiled with,
// never run. Stacks are counted in bytes, and critical sections have a lock for the other processor.
#ifndef TESTS_SHAPES_IDF_FREERTOS_H
#define TESTS_SHAPES_IDF_FREERTOS_H

#include <stdint.h>

typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef uint32_t TickType_t;
typedef uint8_t StackType_t;

#define portMAX_DELAY ((TickType_t)0xffffffffUL)
#define portTICK_PERIOD_MS ((TickType_t)1000 / 100)
#define pdPASS ((BaseType_t)1)
#define pdTRUE ((BaseType_t)1)
#define pdFALSE ((BaseType_t)0)

typedef struct {
    uint32_t owner;
    uint32_t count;
} spinlock_t;
typedef spinlock_t portMUX_TYPE;
#define portMUX_INITIALIZER_UNLOCKED { .owner = 0xb33fffff, .count = 0 }

void vPortEnterCritical(portMUX_TYPE *mux);
void vPortExitCritical(portMUX_TYPE *mux);
#define portENTER_CRITICAL(mux) vPortEnterCritical(mux)
#define portEXIT_CRITICAL(mux) vPortExitCritical(mux)

typedef struct {
    void *opaque[20];
} StaticSemaphore_t;

#endif
