#ifndef TESTS_SHAPES_ZEPHYR_SYS_SOCKET_H
#define TESTS_SHAPES_ZEPHYR_SYS_SOCKET_H

#include "../zephyr/socket.h"

int socket(int family, int type, int protocol);
int connect(int fd, const struct sockaddr *address, socklen_t len);
int getsockopt(int fd, int level, int option, void *value, socklen_t *len);
int setsockopt(int fd, int level, int option, const void *value, socklen_t len);
ssize_t send(int fd, const void *data, size_t len, int flags);
ssize_t recv(int fd, void *data, size_t room, int flags);

#endif
