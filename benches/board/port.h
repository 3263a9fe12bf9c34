// A device that is online, and its link. Nothing is behind the link: what is sent goes nowhere.
#ifndef BENCHES_BOARD_PORT_H
#define BENCHES_BOARD_PORT_H

#include "aliyun_iot.h"

// 47 and 64 bytes, and what they become on the way in.
#define DEVICE "/a1B2c3D4e5F/thermometer-0000000001"
#define TOPIC DEVICE "/user/report"
#define PAYLOAD "{\"temperature\":21.5,\"humidity\":40,\"battery\":97,\"uptime\":1234567}"
#define PUBLISH "\x30\x71\x00\x2f" TOPIC PAYLOAD

// A send buffer as a device with 20 messages in flight has it.
#define PORT_TX (4096)

// Another device in the same memory, online, without subscriptions, with `tx` bytes of send buffer.
void port_online(size_t tx);

// The link breaks an hour later, and another one is opened as soon as it is wanted.
void port_reconnect(void);

// Subscribes, until the user has the answer.
void port_subscribe(const char *filter);

// Has the link take each SUBSCRIBE that waits, and reads the answers.
void port_answer_subscribes(void);

// Publishes without sending; returns the packet identifier.
uint16_t port_publish(const void *payload, size_t len, uint8_t qos);

// Has the link take all that waits.
void port_send(void);

// Reads `len` bytes from the link at once.
void port_read(const void *data, size_t len);

// Reads the PUBACK of `packet_id`.
void port_read_puback(uint16_t packet_id);

// Polls to the end.
void port_poll(void);

// Polls to the end, which must give `count` events of `kind`.
void port_expect(int32_t kind, uint32_t count);

#endif
