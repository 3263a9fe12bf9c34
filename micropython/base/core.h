// The Rust core of a device, its buffers, and the lock that guards it.
#ifndef ALIYUN_IOT_BASE_CORE_H
#define ALIYUN_IOT_BASE_CORE_H

#include "base/lock.h"

// Sizes of the core's buffers, in bytes; a port's configuration or the compiler's command line can override them. The send
// buffer grows by itself.
#ifndef ALIYUN_IOT_RX_SIZE
#define ALIYUN_IOT_RX_SIZE (8192)
#endif
#ifndef ALIYUN_IOT_TX_SIZE
#define ALIYUN_IOT_TX_SIZE (4096)
#endif
#ifndef ALIYUN_IOT_TOPICS_SIZE
#define ALIYUN_IOT_TOPICS_SIZE (1024)
#endif
_Static_assert((ALIYUN_IOT_RX_SIZE) >= 512 && (ALIYUN_IOT_RX_SIZE) <= 307200, "ALIYUN_IOT_RX_SIZE must be 512 to 307200");
_Static_assert((ALIYUN_IOT_TX_SIZE) >= 1024, "ALIYUN_IOT_TX_SIZE must be 1024 or more");
_Static_assert((ALIYUN_IOT_TOPICS_SIZE) >= 64, "ALIYUN_IOT_TOPICS_SIZE must be 64 or more");

typedef struct {
    aliyun_iot_device *device; // NULL before the first connect
    byte *rx;
    byte *tx;
    byte *topics;
    size_t rx_size;
    size_t tx_size;
    lock_t lock;
} core_t;

// Executes a statement, most often a call into the core, with the lock held.
#define CORE_LOCKED(core, ...) LOCKED(&(core)->lock, __VA_ARGS__)

// Sets `status` to what a call into the core returns; a device that has never connected has no core.
#define CORE_CALL(core, status, ...) \
    do { \
        if ((core)->device == NULL) { \
            status = ALIYUN_IOT_STATUS_NOT_CONNECTED; \
        } else { \
            CORE_LOCKED(core, status = __VA_ARGS__); \
        } \
    } while (0)

// Makes the core, or replaces it for a receive buffer of another size.
void core_make(core_t *self, size_t rx_size);
// Tells the core what the board's clock says.
void core_set_clock(core_t *self);
// Replaces the send buffer by a larger one of `size` bytes. Nobody else may drive the device meanwhile.
int32_t core_set_tx(core_t *self, byte *tx, size_t size);
// The details of the last call into the core that failed.
aliyun_iot_error core_error(const core_t *self);

#endif
