#include "../zephyr/socket.h"
