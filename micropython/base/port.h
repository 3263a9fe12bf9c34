// What a platform provides to the binding, beside the firmware's own `socket` and `tls` modules. Each port implements these
// functions in ports/<name>/.
#ifndef ALIYUN_IOT_PORT_H
#define ALIYUN_IOT_PORT_H

#include "py/obj.h"

// Something that wakes a device: it schedules the device's pump when a socket is ready or a time has come.
typedef struct _port_wake_t port_wake_t;

// The number of sockets that a wake-up watches at most.
#define PORT_WATCHES (2)

// A socket that a wake-up watches.
typedef struct {
    mp_obj_t socket; // the firmware's socket object, or MP_OBJ_NULL if none is open
    int fd;          // its descriptor, or -1 where sockets have none
    bool write;      // whether the device waits until it can be written, too
} port_watch_t;

// A wake-up for `device`, to be used as an argument of `pump`. Raises OSError if the platform has none left.
port_wake_t *port_wake_new(mp_obj_t pump, mp_obj_t device);
// No more wake-ups. Safe to call from a finaliser: touches nothing on the garbage-collected heap.
void port_wake_free(port_wake_t *wake);
// Wakes when one of PORT_WATCHES sockets can be read, or written if its `write` is set, or after `ms` milliseconds
// (UINT32_MAX for never), whichever comes first, and then not again before the next call. If `watches` is NULL, only the
// time counts. Raises nothing: the device is locked.
void port_wake_arm(port_wake_t *wake, const port_watch_t *watches, uint32_t ms);

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

// ---- For the ports ----

// `{home}/.aliyunIoT`, for `port_store` on a computer. Raises OSError if `home` is not the whole path of a folder.
mp_obj_t port_store_in_home(const char *home);

#endif
