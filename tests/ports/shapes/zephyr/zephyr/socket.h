// The part of <zephyr/net/socket.h> that ports/bsd uses.
#ifndef TESTS_SHAPES_ZEPHYR_SOCKET_H
#define TESTS_SHAPES_ZEPHYR_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define AF_UNSPEC 0
#define AF_INET 1
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define IPPROTO_TCP 6
#define SOL_SOCKET 1
#define SO_ERROR 4
#define TCP_NODELAY 1
#define INADDR_LOOPBACK 0x7f000001

typedef size_t socklen_t;
typedef unsigned short sa_family_t;

struct sockaddr {
    sa_family_t sa_family;
    char data[24];
};

struct zsock_addrinfo {
    struct zsock_addrinfo *ai_next;
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    int ai_eflags;
    socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
};

#endif
