// ports/bsd on lwIP: a device and the broker that it talks to, over lwIP's loopback interface, in one program of a computer.
// The broker takes one session, sends back what it gets at QoS 0, and closes; then nobody listens any more.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bsd_shared.h"

#include "lwip/sockets.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

enum { BROKER = 1883, RUNG_AT = 4 };

static uint64_t memory[2816 / sizeof(uint64_t)];
static uint8_t rx[1024], tx[2048], topics[256];
static aliyun_iot_device *device;
static bsd_port port;
static unsigned failures;

static struct sockaddr_in local(unsigned number) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = lwip_htons((u16_t)number);
    address.sin_addr.s_addr = lwip_htonl(INADDR_LOOPBACK);
    return address;
}

static void broker(void *listening) {
    int fd = lwip_accept((int)(intptr_t)listening, NULL, NULL);
    lwip_close((int)(intptr_t)listening);
    static const uint8_t connack[] = { 0x20, 2, 0, 0 };
    uint8_t bytes[512];
    lwip_recv(fd, bytes, sizeof bytes, 0); // CONNECT
    lwip_send(fd, connack, sizeof connack, 0);
    ssize_t count = lwip_recv(fd, bytes, sizeof bytes, 0);
    lwip_send(fd, bytes, (size_t)count, 0);
    lwip_recv(fd, bytes, sizeof bytes, 0); // the device says that it got it
    lwip_close(fd);
}

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    const char *words = bsd_port_words(&port, ALIYUN_IOT_LINK_SESSION);
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            puts("connected");
            aliyun_iot_publish(device, aliyun_iot_str("a/b"), aliyun_iot_str("hello"), 0, NULL);
            break;
        case ALIYUN_IOT_EVENT_MESSAGES_RECEIVED:
            printf("message: %.*s\n", (int)event->as.messages.received.payload.len,
                (const char *)event->as.messages.received.payload.data);
            aliyun_iot_publish(device, aliyun_iot_str("a/c"), aliyun_iot_str("got it"), 0, NULL);
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            printf("lost: %s\n", words ? words : "closed by the server");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED:
            printf("failed: %s\n", words ? words : "?");
            failures++;
            break;
        default:
            break;
    }
}

// ---- Two threads ----

static bsd_shared shared;
static sys_sem_t told, ended;

static void tell_shared(void *context, const aliyun_iot_event *event) {
    (void)context;
    if (event->kind == ALIYUN_IOT_EVENT_CONNECTION_FAILED) {
        sys_sem_signal(&told);
    }
}

static void drive(void *unused) {
    (void)unused;
    bsd_shared_run(&shared);
    sys_sem_signal(&ended);
}

static void wait_for_the_wait(void) {
    for (bool waits = false; !waits;) {
        sys_msleep(1);
        bsd_mutex_lock(&shared.mutex);
        waits = shared.port.waiting && !shared.rung;
        bsd_mutex_unlock(&shared.mutex);
    }
}

// Nobody listens, so the driving thread waits without a limit until the bell rings.
static int with_two_threads(const aliyun_iot_plain_login *login) {
    if (!bsd_shared_init(&shared, device, NULL, NULL, tell_shared, NULL) || sys_sem_new(&told, 0) != ERR_OK
        || sys_sem_new(&ended, 0) != ERR_OK) {
        return 4;
    }
    sys_thread_new("driver", drive, NULL, 0, 1);
    wait_for_the_wait();
    if (bsd_shared_connect_plain(&shared, login, NULL) != ALIYUN_IOT_STATUS_OK) {
        return 5;
    }
    sys_sem_wait(&told);
    wait_for_the_wait();
    bsd_shared_close(&shared);
    wait_for_the_wait();
    bsd_shared_stop(&shared);
    sys_sem_wait(&ended);
    printf("two threads: rings %u\n", (unsigned)shared.rings);
    bsd_shared_free(&shared);
    return 0;
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    tcpip_init(NULL, NULL);

    struct sockaddr_in here = local(BROKER), ring = local(4000);
    int listening = lwip_socket(AF_INET, SOCK_STREAM, 0);
    int ringing = lwip_socket(AF_INET, SOCK_DGRAM, 0), bell = lwip_socket(AF_INET, SOCK_DGRAM, 0);
    if (lwip_bind(listening, (struct sockaddr *)&here, sizeof here) != 0 || lwip_listen(listening, 1) != 0
        || lwip_bind(bell, (struct sockaddr *)&ring, sizeof ring) != 0) {
        return 2;
    }
    sys_thread_new("broker", broker, (void *)(intptr_t)listening, 0, 1);

    uint32_t seed;
    if (!bsd_port_seed(&seed)) {
        return 2;
    }
    aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    if (aliyun_iot_init(place, &buffers, seed, &device) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    bsd_port_init(&port, device, NULL, NULL);
    port.tell = tell;
    port.wake = bell;

    aliyun_iot_plain_login login;
    memset(&login, 0, sizeof login);
    login.server.host = aliyun_iot_str("127.0.0.1");
    login.server.port = BROKER;
    login.server.without_tls = true;
    login.client_id = aliyun_iot_str("lwip");
    if (aliyun_iot_connect_plain(device, &login, NULL, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK) {
        return 3;
    }
    // Between two attempts there is no link: the turn waits then, and does not spin.
    unsigned turns = 0;
    while (failures < 3) {
        bsd_port_turn(&port, UINT32_MAX);
        turns++;
    }
    printf("few turns: %d\n", turns < 60);

    // What rings ends a wait without a limit, with and without a link.
    aliyun_iot_close(device, bsd_port_now_ms());
    for (int i = 0; i < RUNG_AT; i++) {
        lwip_sendto(ringing, "", 1, 0, (struct sockaddr *)&ring, sizeof ring);
        bsd_port_turn(&port, UINT32_MAX);
    }
    puts("rung");
    port.wake = -1;
    turns = 0;
    for (uint32_t start = bsd_port_now_ms(); bsd_port_now_ms() - start < 200; turns++) {
        bsd_port_turn(&port, 100);
    }
    printf("waits without a descriptor: %d\n", turns < 10);
    bsd_port_close(&port);
    int status = with_two_threads(&login);
    aliyun_iot_drop(device);
    return status;
}
