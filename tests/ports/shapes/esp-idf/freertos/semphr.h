#include "../../freertos/semphr.h"
