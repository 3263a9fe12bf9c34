// bsd_task.h on FreeRTOS's kernel and lwIP, which run in this process: three tasks of different priorities publish at QoS 1, the
// task of bsd_task.c drives the device, and a task is the broker that it talks to, over lwIP's loopback interface. The broker
// closes the first sessions in the middle. Prints what it got.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bsd_task.h"

#include "lwip/sockets.h"
#include "lwip/tcpip.h"

enum { BROKER = 1883, TASKS = 3, MESSAGES = 50, CUTS = 2, CUT_AFTER = 40 };

static bsd_shared *device;
static unsigned got[TASKS], duplicates, sessions, refused, out_of_order;
static TaskHandle_t waiting[TASKS];
static volatile unsigned delivered;
static volatile bool closed;

unsigned board_random(void) {
    return 4; // a device without peers
}

// ---- The broker ----

static bool receive_all(int fd, uint8_t *bytes, size_t len) {
    for (size_t have = 0; have < len;) {
        ssize_t count = lwip_recv(fd, bytes + have, len - have, 0);
        if (count <= 0) {
            return false;
        }
        have += (size_t)count;
    }
    return true;
}

// `<task>-<number>` of a message: the next one of its task, or one that came before.
static void count_message(const char *payload) {
    unsigned task = 0, number = 0;
    if (sscanf(payload, "%u-%u", &task, &number) != 2 || task >= TASKS || number > got[task]) {
        out_of_order++;
    } else if (number < got[task]) {
        duplicates++;
    } else {
        got[task]++;
    }
}

static void session(int fd) {
    uint8_t bytes[256];
    // All packets of this test are shorter than 128 bytes, so one byte has the length.
    for (unsigned messages = 0; receive_all(fd, bytes, 2) && bytes[1] < 128 && receive_all(fd, bytes + 2, bytes[1]);) {
        uint8_t type = bytes[0] >> 4, topic = bytes[3];
        uint8_t reply[4] = { 0, 2, 0, 0 };
        if (type == 1) {
            reply[0] = 0x20;
        } else if (type == 3 && sessions <= CUTS && ++messages == CUT_AFTER) {
            return;
        } else if (type == 3) {
            bytes[2 + bytes[1]] = 0;
            count_message((const char *)bytes + 6 + topic);
            reply[0] = 0x40;
            memcpy(reply + 2, bytes + 4 + topic, 2);
        } else {
            return; // DISCONNECT
        }
        lwip_send(fd, reply, sizeof reply, 0);
    }
}

static void broker(void *unused) {
    (void)unused;
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = lwip_htons(BROKER);
    int listening = lwip_socket(AF_INET, SOCK_STREAM, 0);
    lwip_bind(listening, (struct sockaddr *)&address, sizeof address);
    lwip_listen(listening, 1);
    for (int fd; (fd = lwip_accept(listening, NULL, NULL)) >= 0;) {
        sessions++;
        session(fd);
        lwip_close(fd);
    }
}

// ---- The device ----

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    delivered = delivered + (event->kind == ALIYUN_IOT_EVENT_MESSAGES_DELIVERED);
    closed = closed || event->kind == ALIYUN_IOT_EVENT_CONNECTION_CLOSED;
    for (int i = 0; i < TASKS; i++) {
        if (waiting[i] != NULL) {
            xTaskNotifyGive(waiting[i]); // there may be space again
        }
    }
}

static void publisher(void *argument) {
    unsigned self = (unsigned)(uintptr_t)argument;
    char payload[16];
    waiting[self] = xTaskGetCurrentTaskHandle();
    for (unsigned number = 0; number < MESSAGES;) {
        snprintf(payload, sizeof payload, "%u-%u", self, number);
        aliyun_iot_status status = bsd_shared_publish(device, aliyun_iot_str("t"), aliyun_iot_str(payload), 1, NULL);
        if (status == ALIYUN_IOT_STATUS_OK) {
            number++;
        } else if (status == ALIYUN_IOT_STATUS_FULL) {
            ulTaskNotifyTake(pdTRUE, 100);
        } else {
            refused++;
            number++;
        }
    }
    waiting[self] = NULL;
    vTaskDelete(NULL);
}

static void start(void *unused) {
    (void)unused;
    tcpip_init(NULL, NULL);
    xTaskCreate(broker, "broker", 16384, NULL, 3, NULL);
    device = bsd_task_start(tell, NULL, NULL, 0);
    aliyun_iot_plain_login login;
    memset(&login, 0, sizeof login);
    login.server.host = aliyun_iot_str("127.0.0.1");
    login.server.port = BROKER;
    login.server.without_tls = true;
    login.client_id = aliyun_iot_str("freertos");
    if (device == NULL || bsd_shared_connect_plain(device, &login, NULL) != ALIYUN_IOT_STATUS_OK) {
        exit(3);
    }
    for (uintptr_t i = 0; i < TASKS; i++) {
        xTaskCreate(publisher, "publisher", 16384, (void *)i, (UBaseType_t)(2 + 2 * i), NULL);
    }
    while (delivered < TASKS * MESSAGES) {
        vTaskDelay(10);
    }
    bsd_shared_stop(device);
    while (!closed) {
        vTaskDelay(10);
    }
    aliyun_iot_status after = bsd_shared_publish(device, aliyun_iot_str("t"), aliyun_iot_str("x"), 1, NULL);
    taskENTER_CRITICAL(); // the C library of a computer knows nothing of these tasks
    printf("got %u %u %u, out of order %u, refused %u\n", got[0], got[1], got[2], out_of_order, refused);
    printf("delivered %u, after the end %d\n", delivered, (int)after);
    printf("sessions %u, duplicates %u, rings %u\n", sessions, duplicates, (unsigned)device->rings);
    fflush(stdout);
    _Exit(0);
}

int main(void) {
    xTaskCreate(start, "main", 16384, NULL, 1, NULL);
    vTaskStartScheduler();
    return 1;
}
