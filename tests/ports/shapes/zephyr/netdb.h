// Zephyr's resolver has a struct of another name, and a macro.
#ifndef TESTS_SHAPES_ZEPHYR_NETDB_H
#define TESTS_SHAPES_ZEPHYR_NETDB_H

#include "zephyr/socket.h"

#define addrinfo zsock_addrinfo

int getaddrinfo(const char *host, const char *service, const struct zsock_addrinfo *hints, struct zsock_addrinfo **found);
void freeaddrinfo(struct zsock_addrinfo *found);

#endif
