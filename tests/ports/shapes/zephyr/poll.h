#ifndef TESTS_SHAPES_ZEPHYR_POLL_H
#define TESTS_SHAPES_ZEPHYR_POLL_H

#define POLLIN 1
#define POLLOUT 4

struct pollfd {
    int fd;
    short events;
    short revents;
};

typedef int nfds_t;

int poll(struct pollfd *waiting, int count, int ms);

#endif
