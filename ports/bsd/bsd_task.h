// A device in a task of its own, for programs with one device: its memory, its TLS and the thread that drives it, all of a size
// that is set when this is compiled. Every call is one of bsd_shared.h.
#ifndef ALIYUN_IOT_BSD_TASK_H
#define ALIYUN_IOT_BSD_TASK_H

#include "bsd_shared.h"

// Settings, each a -D of the compiler; the build files of ESP-IDF and Zephyr set them from Kconfig.
#ifndef BSD_TASK_RX_SIZE
#define BSD_TASK_RX_SIZE (2048) // the largest packet to receive
#endif
#ifndef BSD_TASK_TX_SIZE
#define BSD_TASK_TX_SIZE (2048) // packets that wait
#endif
#ifndef BSD_TASK_TOPICS_SIZE
#define BSD_TASK_TOPICS_SIZE (256) // each filter's length and 5
#endif
#ifndef BSD_TASK_LATER_SIZE
#define BSD_TASK_LATER_SIZE (0) // calls that bsd_shared_answer_later keeps; 0 for none
#endif
#ifndef BSD_TASK_TLS
#define BSD_TASK_TLS (1) // 0 leaves tls_mbedtls.c out
#endif
#ifndef BSD_TASK_HTTPS
#define BSD_TASK_HTTPS (0) // TLS for the second link: registration over HTTPS
#endif
#ifndef BSD_TASK_STACK
#define BSD_TASK_STACK (8192) // bytes; a thread of POSIX has the system's default
#endif
#ifndef BSD_TASK_PRIORITY
#define BSD_TASK_PRIORITY (5) // in the system's scale
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Prepares the device and starts the task, which calls `tell` for each event. Returns the device for the calls of
// bsd_shared.h, or NULL if memory, descriptors or random numbers are missing. The device is off: connect it. `roots` and
// `roots_len` are as for tls_mbedtls_config_init; NULL for the built-in roots. Call this once.
//
// After bsd_shared_stop the task ends. The memory stays, so a call of another thread is safe then too.
bsd_shared *bsd_task_start(void (*tell)(void *context, const aliyun_iot_event *event), void *context, const uint8_t *roots,
    size_t roots_len);

#ifdef __cplusplus
}
#endif

#endif
