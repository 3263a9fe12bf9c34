#ifndef TESTS_SHAPES_ZEPHYR_FCNTL_H
#define TESTS_SHAPES_ZEPHYR_FCNTL_H

#define O_NONBLOCK 0x4000
#define F_SETFL 4

int fcntl(int fd, int command, ...);

#endif
