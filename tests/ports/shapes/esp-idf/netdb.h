#ifndef TESTS_SHAPES_ESP_NETDB_H
#define TESTS_SHAPES_ESP_NETDB_H

#include "poll.h" // before lwIP, which would define it too
#include "lwip/netdb.h"

static inline int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    return lwip_getaddrinfo(host, service, hints, found);
}

static inline void freeaddrinfo(struct addrinfo *found) {
    lwip_freeaddrinfo(found);
}

#endif
