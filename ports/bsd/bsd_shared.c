#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <string.h>

#include "bsd_shared.h"

#include "bsd_sockets.h"

// ---- The bell: what `port.wake` is ----

#if !BSD_PORT_LWIP && !defined(BSD_BELL_BY_UDP) && defined(__has_include)
#if __has_include(<sys/eventfd.h>)
#include <sys/eventfd.h>
#define BSD_BELL_BY_EVENTFD 1
#endif
#endif

#if BSD_BELL_BY_EVENTFD

static int open_bell(void) {
    return eventfd(0, EFD_NONBLOCK);
}

static bool ring_bell(int bell) {
    const uint64_t one = 1;
    return write(bell, &one, sizeof one) == (ssize_t)sizeof one;
}

#else

// A UDP socket on loopback that is connected to itself, so that nobody else can ring.
static int open_bell(void) {
    struct sockaddr_in here;
    socklen_t len = sizeof here;
    memset(&here, 0, sizeof here);
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int bell = BSD_SOCKETS(socket)(AF_INET, SOCK_DGRAM, 0);
    if (bell < 0) {
        return -1;
    }
    bsd_do_not_block(bell);
    if (BSD_SOCKETS(bind)(bell, (struct sockaddr *)&here, sizeof here) != 0
        || BSD_SOCKETS(getsockname)(bell, (struct sockaddr *)&here, &len) != 0
        || BSD_SOCKETS(connect)(bell, (struct sockaddr *)&here, sizeof here) != 0) {
        BSD_SOCKETS(close)(bell);
        return -1;
    }
    return bell;
}

static bool ring_bell(int bell) {
    return BSD_SOCKETS(send)(bell, "", 1, MSG_NOSIGNAL) == 1;
}

#endif

// ---- The lock ----

static void lock(bsd_shared *self) {
    bsd_mutex_lock(&self->mutex);
}

static void unlock(bsd_shared *self) {
    bsd_mutex_unlock(&self->mutex);
}

static void lock_for_port(void *self) {
    lock((bsd_shared *)self);
}

static void unlock_for_port(void *self) {
    unlock((bsd_shared *)self);
}

// Whether `tell` runs in another thread.
static bool is_beside_tell(const bsd_shared *self) {
    return self->in_use != 0 && !bsd_thread_is_self(self->driver);
}

// The driving thread has something to do. Called with the lock held: lwIP allows one call at a time for each socket, and
// nobody can free the bell meanwhile.
static void wake(bsd_shared *self) {
    self->port.changed = true;
    if (self->port.waiting && !self->rung) {
        self->rung = ring_bell(self->port.wake);
        self->rings += self->rung;
    }
}

// Ends a call that may have queued a packet. While the device is offline, the packet waits for the next session.
static aliyun_iot_status queued(bsd_shared *self, aliyun_iot_status status) {
    if (status == ALIYUN_IOT_STATUS_OK && aliyun_iot_is_online(self->port.device)) {
        wake(self);
    }
    unlock(self);
    return status;
}

// Ends a call that may have changed which link is wanted.
static aliyun_iot_status switched(bsd_shared *self, aliyun_iot_status status) {
    if (status == ALIYUN_IOT_STATUS_OK) {
        wake(self);
    }
    unlock(self);
    return status;
}

// ---- The driving thread ----

static void hand_over(void *context, const aliyun_iot_event *event) {
    bsd_shared *self = (bsd_shared *)context;
    if (self->tell != NULL) {
        self->in_use = event->kind;
        unlock(self);
        self->tell(self->context, event);
        lock(self);
        self->in_use = 0;
    }
    if (self->cancel_due) {
        aliyun_iot_cancel_upload(self->port.device);
    }
    if (self->close_due) {
        aliyun_iot_close(self->port.device, bsd_port_now_ms());
    }
    self->cancel_due = self->close_due = false;
}

bool bsd_shared_init(bsd_shared *self, aliyun_iot_device *device, bsd_tls *tls, bsd_tls *http_tls,
    void (*tell)(void *context, const aliyun_iot_event *event), void *context) {
    memset(self, 0, sizeof *self);
    int bell = open_bell();
    if (bell < 0) {
        return false;
    }
    if (!bsd_mutex_init(&self->mutex)) {
        BSD_SOCKETS(close)(bell);
        return false;
    }
    bsd_port_init(&self->port, device, tls, http_tls);
    self->port.tell = hand_over;
    self->port.context = self;
    self->port.wake = bell;
    self->port.lock = lock_for_port;
    self->port.unlock = unlock_for_port;
    self->port.lock_context = self;
    self->tell = tell;
    self->context = context;
    return true;
}

void bsd_shared_free(bsd_shared *self) {
    bsd_port_close(&self->port);
    BSD_SOCKETS(close)(self->port.wake);
    bsd_mutex_free(&self->mutex);
}

static void turn(bsd_shared *self, uint32_t at_most_ms) {
    self->driver = bsd_thread_self();
    self->rung = false;
    bsd_port_turn(&self->port, at_most_ms);
}

void bsd_shared_turn(bsd_shared *self, uint32_t at_most_ms) {
    lock(self);
    turn(self, at_most_ms);
    unlock(self);
}

void bsd_shared_run(bsd_shared *self) {
    bool is_off = false;
    lock(self);
    while (!is_off) {
        is_off = self->stopping
            && aliyun_iot_close(self->port.device, bsd_port_now_ms()) == ALIYUN_IOT_STATUS_NOT_CONNECTED;
        // Once more when it is off, for its last events.
        turn(self, is_off ? 0 : UINT32_MAX);
    }
    unlock(self);
}

void bsd_shared_stop(bsd_shared *self) {
    lock(self);
    self->stopping = true;
    wake(self);
    unlock(self);
}

// ---- Calls that queue a packet ----

// With the lock held. A close that is due has been accepted, so nothing may follow it.
#define QUEUE(self, call)                                                                            \
    lock(self);                                                                                      \
    return queued(self, (self)->close_due ? ALIYUN_IOT_STATUS_NOT_CONNECTED : (call))

aliyun_iot_status bsd_shared_publish(bsd_shared *self, aliyun_iot_bytes topic, aliyun_iot_bytes payload, uint8_t qos_number,
    uint16_t *packet_id) {
    QUEUE(self, aliyun_iot_publish(self->port.device, topic, payload, qos_number, packet_id));
}

aliyun_iot_status bsd_shared_subscribe(bsd_shared *self, aliyun_iot_bytes filter, uint8_t qos_number) {
    QUEUE(self, aliyun_iot_subscribe(self->port.device, filter, qos_number));
}

aliyun_iot_status bsd_shared_unsubscribe(bsd_shared *self, aliyun_iot_bytes filter) {
    QUEUE(self, aliyun_iot_unsubscribe(self->port.device, filter));
}

aliyun_iot_status bsd_shared_post_properties(bsd_shared *self, aliyun_iot_bytes params, uint32_t *id) {
    QUEUE(self, aliyun_iot_post_properties(self->port.device, params, id, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_post_event(bsd_shared *self, aliyun_iot_bytes event, aliyun_iot_bytes params, uint32_t *id) {
    QUEUE(self, aliyun_iot_post_event(self->port.device, event, params, id, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_post_raw(bsd_shared *self, aliyun_iot_bytes data, uint32_t *id) {
    QUEUE(self, aliyun_iot_post_raw(self->port.device, data, id, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_get_desired(bsd_shared *self, aliyun_iot_bytes names, uint32_t *id) {
    QUEUE(self, aliyun_iot_get_desired(self->port.device, names, id, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_delete_desired(bsd_shared *self, aliyun_iot_bytes versions, uint32_t *id) {
    QUEUE(self, aliyun_iot_delete_desired(self->port.device, versions, id, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_follow_desired(bsd_shared *self, aliyun_iot_bytes names, aliyun_iot_buffer memory) {
    QUEUE(self, aliyun_iot_follow_desired(self->port.device, names, memory));
}

aliyun_iot_status bsd_shared_ask_time(bsd_shared *self) {
    QUEUE(self, aliyun_iot_ask_time(self->port.device));
}

aliyun_iot_status bsd_shared_reply(bsd_shared *self, uint32_t handle, int32_t code, aliyun_iot_bytes data) {
    QUEUE(self, aliyun_iot_reply(self->port.device, handle, code, data));
}

// ---- Calls that would take an event's texts from `tell` ----

// Whether `tell` handles the end of the connection or of a registration in another thread.
static bool is_beside_an_end(const bsd_shared *self) {
    switch (self->in_use) {
        case ALIYUN_IOT_EVENT_REGISTRATION_DONE:
        case ALIYUN_IOT_EVENT_REGISTRATION_REFUSED:
        case ALIYUN_IOT_EVENT_REGISTRATION_FAILED:
            return is_beside_tell(self);
        default:
            return is_beside_tell(self) && !aliyun_iot_is_started(self->port.device);
    }
}

#define SWITCH(self, call)                                                                           \
    lock(self);                                                                                      \
    return switched(self, is_beside_an_end(self) ? ALIYUN_IOT_STATUS_ALREADY_CONNECTED : (call))

aliyun_iot_status bsd_shared_connect_aliyun(bsd_shared *self, const aliyun_iot_aliyun_login *login,
    const aliyun_iot_options *options) {
    SWITCH(self, aliyun_iot_connect_aliyun(self->port.device, login, options, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_connect_plain(bsd_shared *self, const aliyun_iot_plain_login *login,
    const aliyun_iot_options *options) {
    SWITCH(self, aliyun_iot_connect_plain(self->port.device, login, options, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_register_aliyun(bsd_shared *self, const aliyun_iot_aliyun_registration *registration,
    aliyun_iot_buffer scratch) {
    SWITCH(self, aliyun_iot_register_aliyun(self->port.device, registration, scratch, bsd_port_now_ms()));
}

aliyun_iot_status bsd_shared_close(bsd_shared *self) {
    lock(self);
    if (!is_beside_tell(self)) {
        return switched(self, aliyun_iot_close(self->port.device, bsd_port_now_ms()));
    }
    aliyun_iot_link wanted;
    bool is_on = aliyun_iot_is_started(self->port.device) || aliyun_iot_is_registering(self->port.device)
        || aliyun_iot_link_wanted(self->port.device, ALIYUN_IOT_LINK_SESSION, &wanted);
    self->close_due = is_on;
    return switched(self, is_on ? ALIYUN_IOT_STATUS_OK : ALIYUN_IOT_STATUS_NOT_CONNECTED);
}

aliyun_iot_status bsd_shared_upload(bsd_shared *self, aliyun_iot_bytes name, uint32_t size, uint64_t crc64, uint32_t block) {
    lock(self);
    bool is_in_use = self->in_use == ALIYUN_IOT_EVENT_UPLOAD_BLOCK || self->in_use == ALIYUN_IOT_EVENT_UPLOAD_DONE
        || self->in_use == ALIYUN_IOT_EVENT_UPLOAD_FAILED;
    return queued(self, is_in_use && is_beside_tell(self)
        ? ALIYUN_IOT_STATUS_FULL
        : aliyun_iot_upload(self->port.device, name, size, crc64, block));
}

void bsd_shared_cancel_upload(bsd_shared *self) {
    lock(self);
    if (is_beside_tell(self)) {
        self->cancel_due = true;
    } else {
        aliyun_iot_cancel_upload(self->port.device);
    }
    queued(self, ALIYUN_IOT_STATUS_OK);
}

bool bsd_shared_is_online(bsd_shared *self) {
    lock(self);
    bool result = aliyun_iot_is_online(self->port.device);
    unlock(self);
    return result;
}

size_t bsd_shared_unacknowledged(bsd_shared *self) {
    lock(self);
    size_t result = aliyun_iot_unacknowledged(self->port.device);
    unlock(self);
    return result;
}

// ---- Calls that belong to `tell` ----

static bool is_in_tell(const bsd_shared *self) {
    return self->in_use != 0 && bsd_thread_is_self(self->driver);
}

aliyun_iot_status bsd_shared_answer(bsd_shared *self, int32_t code, aliyun_iot_bytes data) {
    lock(self);
    aliyun_iot_status status = is_in_tell(self) ? aliyun_iot_answer(self->port.device, code, data)
                                                : ALIYUN_IOT_STATUS_NOT_CONNECTED;
    unlock(self);
    return status;
}

aliyun_iot_status bsd_shared_answer_later(bsd_shared *self, uint32_t *handle) {
    lock(self);
    aliyun_iot_status status = is_in_tell(self) ? aliyun_iot_answer_later(self->port.device, handle)
                                                : ALIYUN_IOT_STATUS_NOT_CONNECTED;
    unlock(self);
    return status;
}

bool bsd_shared_upload_place(bsd_shared *self, aliyun_iot_buffer *place) {
    lock(self);
    bool is_wanted = is_in_tell(self) && aliyun_iot_upload_place(self->port.device, place);
    unlock(self);
    return is_wanted;
}

void bsd_shared_upload_filled(bsd_shared *self) {
    lock(self);
    if (is_in_tell(self)) {
        aliyun_iot_upload_filled(self->port.device, bsd_port_now_ms());
    }
    unlock(self);
}

const char *bsd_shared_words(const bsd_shared *self, aliyun_iot_link_id link) {
    return bsd_port_words(&self->port, link);
}

aliyun_iot_device *bsd_shared_lock(bsd_shared *self) {
    lock(self);
    return self->port.device;
}

void bsd_shared_unlock(bsd_shared *self) {
    queued(self, ALIYUN_IOT_STATUS_OK);
}
