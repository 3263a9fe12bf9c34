// One link of a device: a socket of the firmware's, and the firmware's TLS over it.
#ifndef ALIYUN_IOT_NET_LINK_H
#define ALIYUN_IOT_NET_LINK_H

#include "base/core.h"
#include "net/loss.h"
#include "net/tls.h"

typedef enum {
    STAGE_CLOSED,
    STAGE_CONNECTING, // TCP is being opened
    STAGE_HANDSHAKE,  // TCP is up; TLS, if any, is being opened by the first write
    STAGE_UP,
} link_stage_t;

// The link, in Python objects.
typedef struct {
    core_t *core;
    tls_t trust;
    aliyun_iot_link_id id;
    link_stage_t stage;
    bool tls;
    bool blocked;   // the last write would have blocked
    bool drained;   // the last read brought all that the socket had
    bool detached;  // TLS has failed and will not close the socket under it
    byte nothing;   // where a read goes that is for its error alone
    uint16_t attempt;
    int fd;
    size_t offered; // bytes of the write that TLS has to be given again; 0 for none
    size_t next_address;
    mp_obj_t addresses; // what getaddrinfo said, to be tried in turn
    mp_obj_t socket;
    mp_obj_t stream;    // the socket, or the TLS stream over it
    loss_t loss;        // why it was lost last
} link_t;

// A closed link of the device with this core.
void link_init(link_t *link, core_t *core, aliyun_iot_link_id id);
// Opens and closes what the core wants opened and closed. Returns whether there is something to send at once.
bool link_follow(link_t *link);
// Reads once; true if something came. If it reads `again` for the same wake-up, it spares a read that would bring nothing.
bool link_read(link_t *link, bool again);
// Writes. Returns how much the link took, 0 if it would block, -1 if the link is gone (the core knows then).
mp_int_t link_write(link_t *link, const byte *data, size_t len);
// Closes at once.
void link_close(link_t *link);
// Whether the wake-up has to wait until the socket can be written.
bool link_wants_write(const link_t *link);

#endif
