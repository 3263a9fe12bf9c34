// coreMQTT, with a transport as its users write it: plain sockets, and bytes that are read in blocks, since coreMQTT asks for
// a packet's first bytes one by one.
#define _DEFAULT_SOURCE
#include <core_mqtt.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rate.h"

struct NetworkContext {
    int fd, flags;
    size_t used, length;
    uint8_t block[2048];
};

static bool subscribed;
static long acknowledged, received;
static moment first;

static int32_t transport_recv(NetworkContext_t *context, void *data, size_t length) {
    if (context->used == context->length) {
        ssize_t count = recv(context->fd, context->block, sizeof context->block, context->flags);
        if (count <= 0) {
            return count < 0 && errno == EAGAIN ? 0 : -1;
        }
        context->used = 0;
        context->length = (size_t)count;
    }
    size_t left = context->length - context->used, count = length < left ? length : left;
    memcpy(data, context->block + context->used, count);
    context->used += count;
    return (int32_t)count;
}

static int32_t transport_send(NetworkContext_t *context, const void *data, size_t length) {
    return (int32_t)send(context->fd, data, length, MSG_NOSIGNAL);
}

static uint32_t milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint32_t)((uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000);
}

static void event(MQTTContext_t *context, MQTTPacketInfo_t *packet, MQTTDeserializedInfo_t *info) {
    (void)context;
    (void)info;
    if (packet->type == MQTT_PACKET_TYPE_PUBACK) {
        acknowledged++;
    } else if (packet->type == MQTT_PACKET_TYPE_SUBACK) {
        subscribed = true;
    } else if ((packet->type & 0xF0) == MQTT_PACKET_TYPE_PUBLISH && received++ == 0) {
        first = now();
    }
}

static void check(const char *what, MQTTStatus_t status) {
    if (status != MQTTSuccess) {
        fail(what, MQTT_Status_strerror(status));
    }
}

// Waits until there is a packet, and handles it.
static void turn(MQTTContext_t *client, NetworkContext_t *network) {
    if (network->used == network->length) {
        struct pollfd waiting = { .fd = network->fd, .events = POLLIN };
        poll(&waiting, 1, 10000);
    }
    check("loop", MQTT_ProcessLoop(client, 0));
}

static void open_socket(NetworkContext_t *network, const arguments *asked) {
    char service[8];
    snprintf(service, sizeof service, "%d", asked->port);
    struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *address;
    int on = 1;
    if (getaddrinfo(asked->host, service, &hints, &address) != 0) {
        fail(asked->host, "not found");
    }
    network->fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    setsockopt(network->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(network->fd, address->ai_addr, address->ai_addrlen) != 0) {
        fail(asked->host, strerror(errno));
    }
    freeaddrinfo(address);
}

int main(int argc, char **argv) {
    arguments asked = read_arguments(argc, argv);
    if (asked.root != NULL) {
        fail("TLS", "this program has none");
    }
    static NetworkContext_t network;
    static MQTTContext_t client;
    static uint8_t buffer[2048];
    moment begun = now();
    open_socket(&network, &asked);
    TransportInterface_t transport = { .recv = transport_recv, .send = transport_send, .pNetworkContext = &network };
    MQTTFixedBuffer_t space = { .pBuffer = buffer, .size = sizeof buffer };
    check("init", MQTT_Init(&client, &transport, milliseconds, event, &space));
    const char *name = asked.receives ? "receiver" : "publisher";
    MQTTConnectInfo_t login = { .cleanSession = true, .keepAliveSeconds = 60, .pClientIdentifier = name,
        .clientIdentifierLength = (uint16_t)strlen(name) };
    bool present;
    check("connect", MQTT_Connect(&client, &login, NULL, 10000, &present)); // with a socket that blocks: it asks all the time
    network.flags = MSG_DONTWAIT;
    moment connected = now();
    if (asked.receives) {
        MQTTSubscribeInfo_t filter
            = { .qos = asked.qos, .pTopicFilter = TOPIC, .topicFilterLength = sizeof TOPIC - 1 };
        check("subscribe", MQTT_Subscribe(&client, &filter, 1, MQTT_GetPacketId(&client)));
        while (!subscribed) {
            turn(&client, &network);
        }
        ready();
        while (received < asked.count) {
            turn(&client, &network);
        }
    } else {
        first = now();
        MQTTPublishInfo_t message = { .qos = asked.qos, .pTopicName = TOPIC, .topicNameLength = sizeof TOPIC - 1,
            .pPayload = PAYLOAD, .payloadLength = sizeof PAYLOAD - 1 };
        for (long published = 0; published < asked.count || (asked.qos > 0 && acknowledged < published);) {
            while (published < asked.count && (asked.qos == 0 || published - acknowledged < asked.window)) {
                check("publish", MQTT_Publish(&client, &message, asked.qos > 0 ? MQTT_GetPacketId(&client) : 0));
                published++;
            }
            if (asked.qos > 0) {
                turn(&client, &network);
            }
        }
    }
    report(begun, connected, first, now(), asked.count);
    MQTT_Disconnect(&client);
    close(network.fd);
    return 0;
}
