#include "freertos/FreeRTOS.h"
typedef struct QueueDefinition *SemaphoreHandle_t;
