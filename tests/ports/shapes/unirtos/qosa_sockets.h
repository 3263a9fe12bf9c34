// Of the shape of UniRTOS's header of sockets, which are lwIP's.
#ifndef SHAPE_QOSA_SOCKETS_H
#define SHAPE_QOSA_SOCKETS_H

#include <string.h>

#include "lwip/api.h"
#include "lwip/netdb.h"
#include "lwip/sockets.h"
#include "lwip/tcp.h"

#endif
