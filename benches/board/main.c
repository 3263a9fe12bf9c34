// What operations of the core cost on a Cortex-M3, in instructions, through the C ABI and as the archive is shipped: no
// network, no MicroPython. Prints a line for each: the operation, the number `n` that it depends on, and instructions.
#include <stddef.h>

#include "board.h"
#include "operations.h"

// `n` may be 0 as the first number only: another 0 ends the list.
#define NUMBERS (8)
// What a queue saves up, it pays within so many repetitions.
#define REPETITIONS (100)

typedef struct {
    const operation *operation;
    uint32_t n[NUMBERS];
} series;

static const series all[] = {
    { &operation_qos0, { 0 } },
    { &operation_qos1, { 0 } },
    { &operation_received, { 0 } },
    { &operation_queue, { 1, 2, 5, 10, 15, 20, 26 } },
    { &operation_in_flight0, { 0, 1, 5, 10, 15, 19, 20 } },
    { &operation_in_flight1, { 0, 1, 5, 10, 15, 19 } },
    { &operation_subscriptions_first, { 1, 10, 25, 50, 100, 200 } },
    { &operation_subscriptions_last, { 1, 10, 25, 50, 100, 200 } },
    { &operation_subscriptions_same_end, { 1, 10, 25, 50, 100, 200 } },
    { &operation_subscriptions_wildcards, { 1, 10, 25, 50, 100, 200 } },
    { &operation_subscriptions_none, { 0, 1, 10, 25, 50, 100, 200 } },
    { &operation_reconnect, { 0, 1, 10, 25, 50, 100, 200 } },
    { &operation_payload0, { 16, 256, 1024, 4096, 16384, 65536, 262144 } },
    { &operation_payload1, { 16, 256, 1024, 4096, 16384, 65536, 262144 } },
    { &operation_payload_received, { 16, 256, 1024, 4096, 16384, 65536, 262144 } },
    { &operation_read, { 1, 2, 5, 10, 20, 35, 50 } },
};

static uint64_t instructions(const operation *operation, uint32_t n) {
    uint64_t sum = 0;
    operation->prepare(n);
    operation->repeat();
    for (uint32_t i = 0; i < REPETITIONS; i++) {
        board_start();
        operation->repeat();
        sum += board_stop();
    }
    return sum / REPETITIONS;
}

void board_run(void) {
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const series *row = &all[i];
        for (size_t k = 0; k < NUMBERS && (k == 0 || row->n[k] > 0); k++) {
            board_say(row->operation->name);
            board_say(" ");
            board_say_number(row->n[k]);
            board_say(" ");
            board_say_number(instructions(row->operation, row->n[k]));
            board_say("\n");
        }
    }
}
