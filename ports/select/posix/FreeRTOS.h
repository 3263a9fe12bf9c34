// The part of FreeRTOS's API that ../wake.c uses, on the threads of a computer (port.c). It stands for the RTOS of a board
// with two processors: its tasks run beside those of Python, really at the same time.
#ifndef FREERTOS_H
#define FREERTOS_H

#include <stdint.h>

typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t TickType_t;
typedef uintptr_t StackType_t;

#define pdPASS (1)
#define portTICK_PERIOD_MS (1)
#define tskIDLE_PRIORITY (0)

#endif
