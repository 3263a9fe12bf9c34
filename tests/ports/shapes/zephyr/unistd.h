#ifndef TESTS_SHAPES_ZEPHYR_UNISTD_H
#define TESTS_SHAPES_ZEPHYR_UNISTD_H

#include <sys/types.h>

int close(int fd);
ssize_t read(int fd, void *data, size_t room);
ssize_t write(int fd, const void *data, size_t len);

#endif
