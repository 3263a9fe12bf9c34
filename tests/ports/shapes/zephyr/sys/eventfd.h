#ifndef TESTS_SHAPES_ZEPHYR_EVENTFD_H
#define TESTS_SHAPES_ZEPHYR_EVENTFD_H

#define EFD_NONBLOCK 0x4000

int eventfd(unsigned int value, int flags);

#endif
