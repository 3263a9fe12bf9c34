#include <stddef.h>
#include <stdint.h>

typedef int esp_err_t;
