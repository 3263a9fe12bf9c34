// Where does the core's memory come from?

#include "base/core.h"
#include "base/port.h"

static aliyun_iot_device *init(const core_t *self, byte *memory, uint32_t seed) {
    return aliyun_iot_init(memory, aliyun_iot_device_size(), self->rx, self->rx_size, self->tx, self->tx_size, self->topics,
        ALIYUN_IOT_TOPICS_SIZE, seed);
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

void core_reset(core_t *self) {
    uint32_t seed = port_random();
    lock_acquire(&self->lock);
    aliyun_iot_drop(self->device);
    self->device = init(self, (byte *)self->device, seed);
    lock_release(&self->lock);
}

int32_t core_set_tx(core_t *self, byte *tx, size_t size) {
    int32_t status;
    CORE_LOCKED(self, status = aliyun_iot_move_tx(self->device, tx, size));
    if (status == ALIYUN_IOT_STATUS_OK) {
        self->tx = tx;
        self->tx_size = size;
        runtime_settle(tx);
    }
    return status;
}
