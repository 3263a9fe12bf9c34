// OpenCores' Ethernet controller (open_eth). An arriving frame interrupts; the frames are taken in PendSV (network.c).

#include <string.h>

#include "board.h"
#include "lwip/pbuf.h"

#define REGISTER(offset) (*(volatile uint32_t *)(0xfd030000 + (offset)))
#define MODE REGISTER(0x00)
#define INT_SOURCE REGISTER(0x04)
#define INT_MASK REGISTER(0x08)
#define TX_DESCRIPTORS REGISTER(0x20)
#define MAC_ADDRESS0 REGISTER(0x40)
#define MAC_ADDRESS1 REGISTER(0x44)

#define MODE_RX (1 << 0)
#define MODE_TX (1 << 1)
#define MODE_RESET (1 << 11)
#define MODE_CRC (1 << 13)
#define MODE_PAD (1 << 15)
#define INT_RX (1 << 2)
#define INT_BUSY (1 << 4)

typedef struct {
    volatile uint32_t state, at;
} descriptor_t;
#define DESCRIPTORS ((descriptor_t *)0xfd030400)
#define LENGTH(length) ((uint32_t)(length) << 16)
#define TX_READY (1 << 15)
#define TX_PAD_AND_CRC (1 << 12 | 1 << 11)
#define RX_EMPTY (1 << 15)
#define RX_INTERRUPT (1 << 14)
#define LAST (1 << 13)
#define RX_ERRORS (0x7f)

// The controller's memory, 16 KB: one frame out, the others in.
#define BUFFERS (0xfd800000)
#define BUFFER_SIZE (1536)
#define RX_COUNT (9)

static uint32_t words[(ETHERNET_FRAME_MAX + 3) / 4];
static uint32_t rx_next;

static descriptor_t *receiver(uint32_t index) {
    return &DESCRIPTORS[1 + index];
}

static void give(uint32_t index) {
    receiver(index)->state = RX_EMPTY | RX_INTERRUPT | (index == RX_COUNT - 1 ? LAST : 0);
}

bool ethernet_start(uint8_t mac[6]) {
    // The controller has no address of its own: one of those that are for anybody's use.
    static const uint8_t address[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
    memcpy(mac, address, sizeof(address));
    MODE = MODE_RESET;
    MODE = 0;
    MAC_ADDRESS0 = (uint32_t)mac[2] << 24 | (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5];
    MAC_ADDRESS1 = (uint32_t)mac[0] << 8 | mac[1];
    if (MAC_ADDRESS1 != ((uint32_t)mac[0] << 8 | mac[1])) {
        return false;
    }
    TX_DESCRIPTORS = 1;
    DESCRIPTORS[0].at = BUFFERS;
    DESCRIPTORS[0].state = LAST;
    for (uint32_t i = 0; i < RX_COUNT; i++) {
        receiver(i)->at = BUFFERS + (1 + i) * BUFFER_SIZE;
        give(i);
    }
    rx_next = 0;
    MODE = MODE_RX | MODE_TX | MODE_CRC | MODE_PAD;
    ethernet_listen();
    return true;
}

static bool arrived(void) {
    return !(receiver(rx_next)->state & RX_EMPTY);
}

void ethernet_listen(void) {
    INT_SOURCE = INT_RX | INT_BUSY;
    INT_MASK = INT_RX;
    // One that came in between has lost its interrupt.
    if (arrived()) {
        ethernet_interrupt();
    }
}

void ethernet_interrupt(void) {
    INT_MASK = 0;
    pendsv_schedule(PENDSV_NETWORK);
    board_event();
}

static void copy(volatile uint32_t *to, const volatile uint32_t *from, uint32_t len) {
    for (uint32_t i = 0; i < (len + 3) / 4; i++) {
        to[i] = from[i];
    }
}

bool ethernet_send(struct pbuf *frame) {
    uint32_t len = pbuf_copy_partial(frame, words, sizeof(words), 0);
    // The emulator sends at once.
    if (len != frame->tot_len || DESCRIPTORS[0].state & TX_READY) {
        return false;
    }
    copy((volatile uint32_t *)BUFFERS, words, len);
    DESCRIPTORS[0].state = LENGTH(len) | TX_READY | LAST | TX_PAD_AND_CRC;
    return true;
}

struct pbuf *ethernet_receive(void) {
    while (arrived()) {
        uint32_t state = receiver(rx_next)->state;
        uint32_t len = state >> 16;
        struct pbuf *frame = NULL;
        if (!(state & RX_ERRORS) && len > ETHERNET_CHECKSUM && len <= ETHERNET_FRAME_MAX) {
            copy(words, (const volatile uint32_t *)receiver(rx_next)->at, len);
            frame = pbuf_alloc(PBUF_RAW, len - ETHERNET_CHECKSUM, PBUF_POOL);
        }
        give(rx_next);
        rx_next = (rx_next + 1) % RX_COUNT;
        if (frame != NULL) {
            pbuf_take(frame, words, len - ETHERNET_CHECKSUM);
            return frame;
        }
    }
    return NULL;
}
