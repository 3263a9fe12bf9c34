// lwIP on the board: its interface, its timers, and where it works: in PendSV.

#include "board.h"
#include "py/mphal.h"
#include "py/obj.h"
#include "extmod/modnetwork.h"
#include "shared/runtime/softtimer.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

// Where lwIP has no timer of its own for sooner.
#define LONGEST_MS (1000)

static struct netif netif;
static soft_timer_entry_t timer;

u32_t sys_now(void) {
    return mp_hal_ticks_ms();
}

struct netif *network_netif(void) {
    return &netif;
}

static err_t output(struct netif *netif, struct pbuf *frame) {
    return ethernet_send(frame) ? ERR_OK : ERR_BUF;
}

static err_t start(struct netif *netif) {
    netif->name[0] = 'e';
    netif->name[1] = '0';
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP | NETIF_FLAG_LINK_UP;
    netif->output = etharp_output;
    netif->linkoutput = output;
    netif->hwaddr_len = sizeof(netif->hwaddr);
    netif->hostname = mod_network_hostname_data;
    NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_ENABLE_ALL);
    return ethernet_start(netif->hwaddr) ? ERR_OK : ERR_IF;
}

static void timer_expired(soft_timer_entry_t *entry) {
    sys_check_timeouts();
    // The soft timer runs again when lwIP's next one is due.
    uint32_t ms = sys_timeouts_sleeptime();
    entry->delta_ms = ms == 0 ? 1 : ms < LONGEST_MS ? ms : LONGEST_MS;
}

void network_work(void) {
    struct pbuf *frame;
    while ((frame = ethernet_receive()) != NULL) {
        if (netif.input(frame, &netif) != ERR_OK) {
            pbuf_free(frame);
        }
    }
    ethernet_listen();
}

// What upstream's main() calls where upstream's port has a network (since version 1.29): this one starts on demand.
void upstream_lwip_init(void) {
}

void mod_network_lwip_init(void) {
}

bool network_start(void) {
    static bool known;
    MICROPY_PY_LWIP_ENTER
    if (!known) {
        lwip_init();
        known = netif_add(&netif, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4, NULL, start, ethernet_input) != NULL;
        if (known) {
            netif_set_default(&netif);
            soft_timer_static_init(&timer, SOFT_TIMER_MODE_PERIODIC, 1, timer_expired);
        }
    }
    if (known && !netif_is_up(&netif)) {
        netif_set_up(&netif);
        dhcp_start(&netif);
        soft_timer_reinsert(&timer, 1);
    }
    MICROPY_PY_LWIP_EXIT
    return known;
}

void network_stop(void) {
    MICROPY_PY_LWIP_ENTER
    if (netif_is_up(&netif)) {
        dhcp_release_and_stop(&netif);
        netif_set_down(&netif);
    }
    MICROPY_PY_LWIP_EXIT
}
