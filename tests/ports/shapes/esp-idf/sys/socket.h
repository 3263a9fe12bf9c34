// lwIP's functions by the names of BSD sockets, as ESP-IDF declares them: inline functions, and not lwIP's own macros.
#ifndef TESTS_SHAPES_ESP_SOCKET_H
#define TESTS_SHAPES_ESP_SOCKET_H

#include "../poll.h" // before lwIP, which would define it too
#include "lwip/sockets.h"

static inline int socket(int domain, int type, int protocol) {
    return lwip_socket(domain, type, protocol);
}

static inline int bind(int fd, const struct sockaddr *address, socklen_t len) {
    return lwip_bind(fd, address, len);
}

static inline int connect(int fd, const struct sockaddr *address, socklen_t len) {
    return lwip_connect(fd, address, len);
}

static inline int getsockname(int fd, struct sockaddr *address, socklen_t *len) {
    return lwip_getsockname(fd, address, len);
}

static inline int getsockopt(int fd, int level, int option, void *value, socklen_t *len) {
    return lwip_getsockopt(fd, level, option, value, len);
}

static inline int setsockopt(int fd, int level, int option, const void *value, socklen_t len) {
    return lwip_setsockopt(fd, level, option, value, len);
}

static inline ssize_t send(int fd, const void *data, size_t len, int flags) {
    return lwip_send(fd, data, len, flags);
}

static inline ssize_t recv(int fd, void *data, size_t room, int flags) {
    return lwip_recv(fd, data, room, flags);
}

#endif
