// Where does the core's memory come from?

#include "base/clock.h"
#include "base/core.h"
#include "base/port.h"

// NULL if a buffer is smaller than the core accepts, which the sizes here are not.
static aliyun_iot_device *init(const core_t *self, byte *memory, uint32_t seed) {
    aliyun_iot_device *device;
    aliyun_iot_buffers buffers = {
        .rx = { self->rx, self->rx_size },
        .tx = { self->tx, self->tx_size },
        .topics = { self->topics, ALIYUN_IOT_TOPICS_SIZE },
    };
    aliyun_iot_init((aliyun_iot_buffer) { memory, aliyun_iot_device_size() }, &buffers, seed, &device);
    return device;
}

void core_make(core_t *self, size_t rx_size) {
    if (self->device != NULL && self->rx_size == rx_size) {
        return;
    }
    // All that may raise comes first. The core's memory and its other buffers serve the next one, too.
    byte *rx = m_new(byte, rx_size);
    byte *memory = self->device == NULL ? m_new(byte, aliyun_iot_device_size()) : (byte *)self->device;
    if (self->device == NULL) {
        byte *tx = m_new(byte, ALIYUN_IOT_TX_SIZE);
        self->tx = tx;
        self->tx_size = ALIYUN_IOT_TX_SIZE;
        runtime_settle(tx);
        byte *topics = m_new(byte, ALIYUN_IOT_TOPICS_SIZE);
        self->topics = topics;
        runtime_settle(topics);
    }
    uint32_t seed = port_random();
    lock_acquire(&self->lock);
    aliyun_iot_drop(self->device);
    self->rx = rx;
    self->rx_size = rx_size;
    self->device = init(self, memory, seed);
    lock_release(&self->lock);
    runtime_settle(rx);
    runtime_settle(memory);
}

void core_set_clock(core_t *self) {
    #if ALIYUN_IOT_HAS_VENDORS
    uint64_t unix_ms = clock_unix_ms();
    CORE_LOCKED(self, aliyun_iot_set_clock(self->device, unix_ms, port_ticks_ms()));
    #else
    (void)self;
    #endif
}

int32_t core_set_tx(core_t *self, byte *tx, size_t size) {
    int32_t status;
    CORE_LOCKED(self, status = aliyun_iot_move_tx(self->device, (aliyun_iot_buffer) { tx, size }));
    if (status == ALIYUN_IOT_STATUS_OK) {
        self->tx = tx;
        self->tx_size = size;
        runtime_settle(tx);
    }
    return status;
}

aliyun_iot_error core_error(const core_t *self) {
    aliyun_iot_error error = { 0 };
    aliyun_iot_last_error(self->device, &error);
    return error;
}
