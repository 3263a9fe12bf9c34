// A device that several threads use: one thread drives it, and any thread may publish, post, subscribe, connect and close.
// README.md has an example, and the stack that the driving thread needs.
//
// - One thread calls bsd_shared_run, or bsd_shared_turn again and again. It is the only thread that opens links, reads,
//   writes, and calls `tell`.
// - A call of another thread queues its packet and returns. If the driving thread waits, the bell ends the wait, and the
//   driving thread sends the packet.
// - One mutex guards the device. It is not held while the driving thread waits, resolves a name, makes a TLS handshake or
//   runs `tell`. So a call never waits for the network, and `tell` may take any lock of the program's. The mutex is always the
//   last one that is taken.
// - No function is for interrupts.
#ifndef ALIYUN_IOT_BSD_SHARED_H
#define ALIYUN_IOT_BSD_SHARED_H

#include "bsd_os.h"
#include "bsd_port.h"

#ifdef __cplusplus
extern "C" {
#endif

// All fields are the facade's own. The struct must not move while the device lives.
typedef struct bsd_shared {
    bsd_port port;
    bsd_mutex mutex;
    bsd_thread driver; // the thread that runs `tell`
    void (*tell)(void *context, const aliyun_iot_event *event);
    void *context;
    int32_t in_use;  // the kind of the event that `tell` handles; 0 for none
    bool close_due;  // another thread has called close while `tell` ran
    bool cancel_due; // the same for cancel_upload
    bool stopping;
    bool rung;      // the wait of this turn has been ended already
    uint32_t rings; // how often the bell has rung
} bsd_shared;

// Prepares a device for several threads. `device`, `tls` and `http_tls` are as for bsd_port_init. The driving thread calls
// `tell` for each event; it may be NULL. Returns false if the system has no mutex or no descriptor left. From now on, use
// the device through these functions only.
bool bsd_shared_init(bsd_shared *self, aliyun_iot_device *device, bsd_tls *tls, bsd_tls *http_tls,
    void (*tell)(void *context, const aliyun_iot_event *event), void *context);

// Closes the links and the bell and frees the mutex. Call it when no thread uses the device any more; then drop the device.
void bsd_shared_free(bsd_shared *self);

// ---- In the driving thread ----

// Runs one turn, as bsd_port_turn. Do not call it from `tell`.
void bsd_shared_turn(bsd_shared *self, uint32_t at_most_ms);

// Runs turns until bsd_shared_stop is called and the connection is closed.
void bsd_shared_run(bsd_shared *self);

// ---- In any thread, and in `tell` ----

// Closes the connection and makes bsd_shared_run return: within two seconds, or when the resolver returns. Do not connect after
// it.
void bsd_shared_stop(bsd_shared *self);

// The calls of aliyun_iot.h, with the same arguments, results and statuses, at the present time. What differs is said.

aliyun_iot_status bsd_shared_publish(bsd_shared *self, aliyun_iot_bytes topic, aliyun_iot_bytes payload, uint8_t qos_number,
    uint16_t *packet_id);
aliyun_iot_status bsd_shared_subscribe(bsd_shared *self, aliyun_iot_bytes filter, uint8_t qos_number);
aliyun_iot_status bsd_shared_unsubscribe(bsd_shared *self, aliyun_iot_bytes filter);
aliyun_iot_status bsd_shared_post_properties(bsd_shared *self, aliyun_iot_bytes params, uint32_t *id);
aliyun_iot_status bsd_shared_post_event(bsd_shared *self, aliyun_iot_bytes event, aliyun_iot_bytes params, uint32_t *id);
aliyun_iot_status bsd_shared_post_raw(bsd_shared *self, aliyun_iot_bytes data, uint32_t *id);
aliyun_iot_status bsd_shared_get_desired(bsd_shared *self, aliyun_iot_bytes names, uint32_t *id);
aliyun_iot_status bsd_shared_delete_desired(bsd_shared *self, aliyun_iot_bytes versions, uint32_t *id);
aliyun_iot_status bsd_shared_follow_desired(bsd_shared *self, aliyun_iot_bytes names, aliyun_iot_buffer memory);
aliyun_iot_status bsd_shared_ask_time(bsd_shared *self);
aliyun_iot_status bsd_shared_reply(bsd_shared *self, uint32_t handle, int32_t code, aliyun_iot_bytes data);

// While `tell` handles the end of the connection or of a registration, another thread gets ALREADY_CONNECTED.
aliyun_iot_status bsd_shared_connect_aliyun(bsd_shared *self, const aliyun_iot_aliyun_login *login,
    const aliyun_iot_options *options);
aliyun_iot_status bsd_shared_connect_plain(bsd_shared *self, const aliyun_iot_plain_login *login,
    const aliyun_iot_options *options);
aliyun_iot_status bsd_shared_register_aliyun(bsd_shared *self, const aliyun_iot_aliyun_registration *registration,
    aliyun_iot_buffer scratch);

// If `tell` runs in another thread, the connection is closed when `tell` returns, and `scratch` of a registration is the
// device's until CONNECTION_CLOSED. Calls that queue a packet return NOT_CONNECTED at once.
aliyun_iot_status bsd_shared_close(bsd_shared *self);

// While `tell` handles an event of an upload, another thread gets FULL.
aliyun_iot_status bsd_shared_upload(bsd_shared *self, aliyun_iot_bytes name, uint32_t size, uint64_t crc64, uint32_t block);

// If `tell` runs in another thread, the upload is cancelled when `tell` returns.
void bsd_shared_cancel_upload(bsd_shared *self);

bool bsd_shared_is_online(bsd_shared *self);
size_t bsd_shared_unacknowledged(bsd_shared *self);

// ---- In `tell` only ----

// Elsewhere there is nothing to answer: these return NOT_CONNECTED or false.
aliyun_iot_status bsd_shared_answer(bsd_shared *self, int32_t code, aliyun_iot_bytes data);
aliyun_iot_status bsd_shared_answer_later(bsd_shared *self, uint32_t *handle);

// Write the place without the lock; other threads can publish meanwhile.
bool bsd_shared_upload_place(bsd_shared *self, aliyun_iot_buffer *place);
void bsd_shared_upload_filled(bsd_shared *self);

// Why a link was lost, as bsd_port_words.
const char *bsd_shared_words(const bsd_shared *self, aliyun_iot_link_id link);

// ---- Several calls in one piece ----

// Locks the device and returns it. Use it for two messages that go out in one write, or for aliyun_iot_last_error after a
// call that failed. Until bsd_shared_unlock, call only what queues a packet (publish to reply above) and questions. Do not
// block, and call no other function of this header. The mutex is not recursive.
aliyun_iot_device *bsd_shared_lock(bsd_shared *self);
void bsd_shared_unlock(bsd_shared *self);

#ifdef __cplusplus
}
#endif

#endif
