#include "lwip/inet.h"
