#include "../poll.h" // before lwIP, which would define it too
#include "lwip/sockets.h"
