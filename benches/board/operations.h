// What is counted. `prepare` makes the device for a number `n`; `repeat` is the operation.
#ifndef BENCHES_BOARD_OPERATIONS_H
#define BENCHES_BOARD_OPERATIONS_H

#include <stdint.h>

typedef struct {
    const char *name;
    void (*prepare)(uint32_t n);
    void (*repeat)(void);
} operation;

extern const operation operation_qos0, operation_qos1, operation_received;
extern const operation operation_queue;
extern const operation operation_in_flight0, operation_in_flight1;
extern const operation operation_subscriptions_first, operation_subscriptions_last, operation_subscriptions_same_end,
    operation_subscriptions_wildcards, operation_subscriptions_none, operation_reconnect;
extern const operation operation_payload0, operation_payload1, operation_payload_received;
extern const operation operation_read;

#endif
