// Of ESP-IDF's C library: it knows sockets and other descriptors.
#ifndef TESTS_SHAPES_ESP_POLL_H
#define TESTS_SHAPES_ESP_POLL_H

#define POLLIN (1u << 0)
#define POLLOUT (1u << 4)

struct pollfd {
    int fd;
    short events;
    short revents;
};

typedef unsigned int nfds_t;

int poll(struct pollfd *waiting, nfds_t count, int ms);

#endif
