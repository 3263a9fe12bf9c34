// What a platform lends to the binding, beside the firmware's own `socket` and `tls` modules. Each port has these in
// ports/<name>/.
#ifndef ALIYUN_IOT_PORT_H
#define ALIYUN_IOT_PORT_H

#include "py/obj.h"

// Something that wakes a device: it has the device's pump scheduled when the socket is ready or a time has come.
typedef struct _port_wake_t port_wake_t;

// A wake-up for `device`, to be used as an argument of `pump`. Raises OSError if there is none to be had.
port_wake_t *port_wake_new(mp_obj_t pump, mp_obj_t device);
// No more wake-ups. Safe to call from a finaliser: touches nothing on the garbage-collected heap.
void port_wake_free(port_wake_t *wake);
// Wakes when `fd` (-1 for none) can be read, or written if `write` is set, or after `ms` milliseconds (UINT32_MAX for
// never), whichever comes first, and then not again before the next call. Raises nothing: the device is locked.
void port_wake_arm(port_wake_t *wake, int fd, bool write, uint32_t ms);

// Milliseconds on a clock that never goes back.
uint32_t port_ticks_ms(void);
// A random number, not for secrets.
uint32_t port_random(void);

// Another server to use in place of every other, `host:port`, or NULL; one for HTTPS, another for MQTT.
const char *port_endpoint(bool https);
// A file with more trust roots in PEM, or NULL.
const char *port_roots_file(void);

// Where identities are stored: a path, to which `.0` and `.1` are added for the two files that take turns. It is used
// before the next call. May raise OSError.
const char *port_store(void);

#endif
