// A device for a board with plain lwIP on FreeRTOS, on bsd_task.h: linked, never run. The network interface is the board's.
#include "bsd_task.h"

#include "lwip/tcpip.h"

void board_main(void);

static bsd_shared *device;

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_UP) {
        bsd_shared_subscribe(device, aliyun_iot_str("/pk/board/user/get"), 1);
    }
}

void board_main(void) {
    tcpip_init(NULL, NULL);
    device = bsd_task_start(tell, NULL, NULL, 0);
    aliyun_iot_aliyun_login login = { { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } },
        { { NULL, 0 }, 0, false }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, 0 };
    bsd_shared_connect_aliyun(device, &login, NULL);
    for (;;) {
        bsd_shared_post_properties(device, aliyun_iot_str("{}"), NULL);
        bsd_shared_publish(device, aliyun_iot_str("/pk/board/user/update"), aliyun_iot_str("x"), 1, NULL);
        vTaskDelay(1000);
    }
}
