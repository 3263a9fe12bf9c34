#include "../../freertos/task.h"
