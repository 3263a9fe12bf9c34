// The LAN9118 of the MPS2 boards. An arriving frame interrupts; the frames are taken in PendSV (network.c).

#include <string.h>

#include "board.h"
#include "mps2/processor.h"
#include "lwip/pbuf.h"

#define LAN9118(offset) (*(volatile uint32_t *)(0x40200000 + (offset)))
#define RX_DATA LAN9118(0x00)
#define TX_DATA LAN9118(0x20)
#define RX_STATUS LAN9118(0x40)
#define TX_STATUS LAN9118(0x48)
#define IRQ_CFG LAN9118(0x54)
#define INT_STS LAN9118(0x58)
#define INT_EN LAN9118(0x5c)
#define BYTE_TEST LAN9118(0x64)
#define FIFO_INT LAN9118(0x68)
#define TX_CFG LAN9118(0x70)
#define HW_CFG LAN9118(0x74)
#define RX_FIFO_INF LAN9118(0x7c)
#define TX_FIFO_INF LAN9118(0x80)
#define MAC_COMMAND LAN9118(0xa4)
#define MAC_DATA LAN9118(0xa8)

#define IRQ_CFG_ENABLED_ACTIVE_HIGH_PUSH_PULL (1 << 8 | 1 << 4 | 1 << 0)
#define INT_RX_STATUS_LEVEL (1 << 3)
#define TX_CFG_ON (1 << 1)
#define HW_CFG_RESET (1 << 0)
#define RX_STATUS_LENGTH(status) ((status) >> 16 & 0x3fff)
#define RX_STATUS_ERROR (1 << 15)
#define TX_FIRST_AND_LAST (1 << 13 | 1 << 12)

#define MAC_BUSY (1u << 31)
#define MAC_READ (1 << 30)
#define MAC_CR (1)
#define MAC_CR_TX_RX (1 << 3 | 1 << 2)
#define MAC_ADDRESS_HIGH (2)
#define MAC_ADDRESS_LOW (3)

static uint32_t words[(ETHERNET_FRAME_MAX + 3) / 4];

static uint32_t mac_read(uint32_t index) {
    MAC_COMMAND = MAC_BUSY | MAC_READ | index;
    while (MAC_COMMAND & MAC_BUSY) {
    }
    return MAC_DATA;
}

static void mac_write(uint32_t index, uint32_t value) {
    MAC_DATA = value;
    MAC_COMMAND = MAC_BUSY | index;
    while (MAC_COMMAND & MAC_BUSY) {
    }
}

bool ethernet_start(uint8_t mac[6]) {
    if (BYTE_TEST != 0x87654321) {
        return false;
    }
    HW_CFG = HW_CFG_RESET;
    while (HW_CFG & HW_CFG_RESET) {
    }
    uint32_t low = mac_read(MAC_ADDRESS_LOW), high = mac_read(MAC_ADDRESS_HIGH);
    memcpy(mac, &low, 4);
    memcpy(mac + 4, &high, 2);

    TX_CFG = TX_CFG_ON;
    mac_write(MAC_CR, MAC_CR_TX_RX);
    FIFO_INT = 0; // one frame is enough
    IRQ_CFG = IRQ_CFG_ENABLED_ACTIVE_HIGH_PUSH_PULL;
    NVIC_SetPriority(ETHERNET_IRQn, PRIORITY_DEVICES);
    NVIC_EnableIRQ(ETHERNET_IRQn);
    ethernet_listen();
    return true;
}

void ethernet_listen(void) {
    INT_STS = INT_RX_STATUS_LEVEL;
    INT_EN = INT_RX_STATUS_LEVEL;
}

void ethernet_interrupt(void) {
    INT_EN = 0;
    pendsv_schedule(PENDSV_NETWORK);
    board_event();
}

bool ethernet_send(struct pbuf *frame) {
    uint32_t len = pbuf_copy_partial(frame, words, sizeof(words), 0);
    if (len != frame->tot_len) {
        return false;
    }
    TX_DATA = TX_FIRST_AND_LAST | len;
    TX_DATA = len;
    for (uint32_t i = 0; i < (len + 3) / 4; i++) {
        TX_DATA = words[i];
    }
    while (TX_FIFO_INF >> 16 & 0xff) {
        (void)TX_STATUS;
    }
    return true;
}

struct pbuf *ethernet_receive(void) {
    while (RX_FIFO_INF >> 16 & 0xff) {
        uint32_t status = RX_STATUS;
        uint32_t len = RX_STATUS_LENGTH(status);
        for (uint32_t i = 0; i < (len + 3) / 4; i++) {
            uint32_t word = RX_DATA;
            if (i < sizeof(words) / sizeof(words[0])) {
                words[i] = word;
            }
        }
        if ((status & RX_STATUS_ERROR) || len <= ETHERNET_CHECKSUM || len > ETHERNET_FRAME_MAX) {
            continue;
        }
        struct pbuf *frame = pbuf_alloc(PBUF_RAW, len - ETHERNET_CHECKSUM, PBUF_POOL);
        if (frame != NULL) {
            pbuf_take(frame, words, len - ETHERNET_CHECKSUM);
            return frame;
        }
    }
    return NULL;
}
