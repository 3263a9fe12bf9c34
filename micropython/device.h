// The Device object and the parts of the binding that work on it.
#ifndef ALIYUN_IOT_BINDING_DEVICE_H
#define ALIYUN_IOT_BINDING_DEVICE_H

#include "aliyun_iot.h"
#include "answers.h"
#include "callbacks.h"
#include "generated/device_events.h"
#include "port.h"
#include "ntp.h"
#include "replies.h"
#include "runtime.h"
#include "upload.h"

// Sizes of the core's buffers, in bytes; a port's configuration or the compiler's command line may say otherwise. The send
// buffer grows by itself.
#ifndef ALIYUN_IOT_RX_SIZE
#define ALIYUN_IOT_RX_SIZE (8192)
#endif
#ifndef ALIYUN_IOT_TX_SIZE
#define ALIYUN_IOT_TX_SIZE (4096)
#endif
#ifndef ALIYUN_IOT_TOPICS_SIZE
#define ALIYUN_IOT_TOPICS_SIZE (1024)
#endif
_Static_assert((ALIYUN_IOT_RX_SIZE) >= 512 && (ALIYUN_IOT_RX_SIZE) <= 307200, "ALIYUN_IOT_RX_SIZE must be 512 to 307200");
_Static_assert((ALIYUN_IOT_TX_SIZE) >= 1024, "ALIYUN_IOT_TX_SIZE must be 1024 or more");
_Static_assert((ALIYUN_IOT_TOPICS_SIZE) >= 64, "ALIYUN_IOT_TOPICS_SIZE must be 64 or more");

// Codes of ON_ERROR beside those of the server (docs/api.md).
enum {
    ERROR_TIMEOUT = -40,
    ERROR_KICKED = -41,
    ERROR_LINK = -42,
    ERROR_TLS = -43,
    ERROR_PEER = -44,
    ERROR_SUBSCRIPTION = -45,
    ERROR_OVERSIZE = -46,
    ERROR_NO_TIME = -47,
    ERROR_CLOCK = -48,
    ERROR_UPLOAD = -49,
    ERROR_STORE = -50,
    ERROR_GIVEN_UP = -51,
};

typedef enum {
    STAGE_CLOSED,
    STAGE_CONNECTING, // TCP is being opened
    STAGE_HANDSHAKE,  // TCP is up; TLS, if any, is being opened by the first write
    STAGE_UP,
} link_stage_t;

// The link that is open, in Python objects: the firmware's own socket, and its own TLS over it.
typedef struct {
    link_stage_t stage;
    bool tls;
    bool blocked;   // the last write would have blocked
    bool let_go;    // TLS has failed and will not close the socket under it
    byte nothing;   // where a read goes that is for its error alone
    uint16_t attempt;
    int fd;
    size_t next_address;
    mp_obj_t addresses; // what getaddrinfo said, to be tried in turn
    mp_obj_t socket;
    mp_obj_t stream;    // the socket, or the TLS stream over it
    mp_obj_t context;   // the SSLContext, made once for a login: its roots take memory
    mp_obj_t error;     // what went wrong last, for ON_ERROR: str, or MP_OBJ_NULL
    int error_code;
} link_t;

typedef struct _device_obj_t {
    mp_obj_base_t base;
    aliyun_iot_device *core; // NULL before the first connect
    byte *rx;
    byte *tx;
    byte *topics;
    size_t rx_size;
    size_t tx_size;
    port_wake_t *wake;
    // What the wake-up schedules is a list with the device in it, emptied when the device closes: the scheduler's queue
    // keeps what was in it until it is overwritten, and would keep the buffers of devices that are long gone.
    mp_obj_t ticket;
    mp_obj_t callbacks[ALIYUN_IOT_ON_COUNT];
    uint32_t settled; // a bit for each event that `on` was called for, be it with None
    mp_obj_t name;    // of the device: str, or MP_OBJ_NULL before the first connect
    mp_obj_t shown_words; // the last error on the console, or MP_OBJ_NULL
    int shown_code;
    calls_t calls;
    mp_obj_t info; // dict, or MP_OBJ_NULL before the first connect
    mp_obj_t registration; // [callback, info] while a registration is under way, else MP_OBJ_NULL
    mp_obj_t ca;   // the user's trust root, or MP_OBJ_NULL
    link_t link;
    answers_t answers;
    reply_t *replies; // callbacks that wait, oldest first
    uint32_t raw_unheard;    // posts of raw data behind the last of them that have no callback, but get a reply
    uint32_t raw_unheard_ms; // when the last one was made
    ntp_t ntp;
    upload_t *uploads; // the first one is under way, the others wait their turn
    void *pump_thread; // which thread pumps
    bool pumping;
    bool pump_again;
    uint32_t rests_until; // after Ctrl-C in a callback: until then the main program has its turn
    bool driven;       // a thread drives the device
    bool driver_held;  // whether Ctrl-C was held back before it did
    void *driver;      // which thread
    bool registered; // how the last registration ended
    #if RUNTIME_NEEDS_LOCKS
    mp_thread_mutex_t lock;
    #endif
} device_obj_t;

// Guards the core and the flags where threads run at the same time. It is held for the length of a call into the core,
// never while Python code runs or the network is used: the flags say what is under way meanwhile.
#if RUNTIME_NEEDS_LOCKS
#define device_lock_init(self) mp_thread_mutex_init(&(self)->lock)
#define device_lock(self) mp_thread_mutex_lock(&(self)->lock, 1)
#define device_unlock(self) mp_thread_mutex_unlock(&(self)->lock)
#else
#define device_lock_init(self)
#define device_lock(self)
#define device_unlock(self)
#endif

#if MICROPY_ENABLE_DYNRUNTIME
// The class, made anew.
mp_obj_t device_type_new(void);
#else
extern const mp_obj_type_t aliyun_iot_device_type;
#endif

// Makes the core, or makes it anew for a receive buffer of another size.
void device_make_core(device_obj_t *self, size_t rx_size);
// Makes the core anew, as if it had never connected: nothing that it was at is told any more.
void device_reset_core(device_obj_t *self);
// Raises OSError if the device is connected or is being registered.
void device_check_idle(const device_obj_t *self);
// Puts the device among the living, with a wake-up, or raises and leaves all as it was.
void device_wake(device_obj_t *self);
// The list of the devices that are connected.
mp_obj_t device_living(void);
// Has the core say goodbye and close; the pump does the rest. Raises OSError if it is this thread that drives.
int32_t device_close(device_obj_t *self);
// The device has closed: lets go of its wake-up, its link and its place among the living.
void device_release(device_obj_t *self);
// Makes the send buffer larger by `more` bytes; whether the call is worth trying again. `*status` says why not, or memory
// is short and ValueError raised.
bool device_grow(device_obj_t *self, const char *method, size_t more, int32_t *status);
// Sends what `method` has queued, and has the pump do the rest. What the method returns for a status of the core: 0, or a
// negative number for what is nobody's fault. What is the caller's is raised.
mp_obj_t device_queued(device_obj_t *self, const char *method, int32_t status);
// Raises what a failure with this status is to the caller.
MP_NORETURN void device_raise(const char *method, int32_t status);
// A method, in answers.c.
mp_obj_t device_reply(size_t n_args, const mp_obj_t *args);

// ---- pump.c: what makes a device go on ----

// Does all there is to do now, and arms the wake-up for the rest. Raises nothing but KeyboardInterrupt. If another run,
// another thread that drives or a locked heap is in the way, it is put off.
void device_pump(device_obj_t *self);
// The same from a wake-up, but not while the device rests after Ctrl-C: MicroPython's queue may hold one more wake-up that
// was scheduled before.
void device_pump_woken(device_obj_t *self);
// The same from within a callback of the thread that pumps: ends the event that the callback was called for, and calls
// the callbacks of others.
void device_pump_within(device_obj_t *self);
// Whether it is this thread that pumps: called from a callback, that is.
bool device_pumps_here(device_obj_t *self);
// Arms the wake-up for what is to be done next, unless the pump runs, which does so at its end.
void device_arm(device_obj_t *self);
// One thread at a time drives a device: it reads, writes, and tells the core what became of the link, or moves what is in
// the send buffer. So nothing moves under a write, and no write is told of after the link it went to. Any thread may queue
// messages meanwhile; they are sent by who drives.
//
// Waits for others to let go, and drives, with Ctrl-C held back; false if it is this thread that drives already.
bool device_drive(device_obj_t *self);
// Sends what waits, as far as the link takes it, and lets others drive. Allocates nothing unless the link is lost.
void device_let_go(device_obj_t *self);
// Both, unless somebody drives.
void device_send(device_obj_t *self);
// Milliseconds until there is something to do even if nothing happens; UINT32_MAX for never.
uint32_t device_due_in(device_obj_t *self);

// ---- events.c: from the core's events to callbacks ----

void device_tell(device_obj_t *self, const aliyun_iot_event *event);
// Tells ON_ERROR, or the console while the script has not said who hears of errors.
void device_tell_error(device_obj_t *self, int code, const char *words);
void device_tell_error_str(device_obj_t *self, int code, mp_obj_t words);
// What went wrong, as ON_ERROR has it.
int device_loss_code(device_obj_t *self, const aliyun_iot_event *event);
mp_obj_t device_loss_words(device_obj_t *self, const aliyun_iot_event *event);

// ---- console.c ----

// Shows an error in one line, unless it is the one shown last.
void console_error(device_obj_t *self, int code, mp_obj_t words);
// The device is connected: the next error is a new one.
void console_forget(device_obj_t *self);

// ---- register.c ----

mp_obj_t device_register(mp_obj_t self, mp_obj_t data, mp_obj_t callback);
void register_succeeded(device_obj_t *self, const aliyun_iot_event *event);
void register_failed(device_obj_t *self, const aliyun_iot_event *event);

// ---- endpoint.c ----

// Raises ValueError if a host has a port, a scheme or a path in it.
void endpoint_check_host(const char *method, aliyun_iot_bytes host);
// Points to the server that the port puts in the place of all others, if it does.
void endpoint_redirect(bool https, aliyun_iot_bytes *host, uint16_t *port);

// ---- link.c: the link over the firmware's socket and tls modules ----

// Opens and closes what the core wants opened and closed.
void link_follow(device_obj_t *self);
// Reads once; true if something came.
bool link_read(device_obj_t *self);
// Writes; returns how much was taken, 0 if it would block, -1 if the link is gone (the core has been told).
mp_int_t link_write(device_obj_t *self, const byte *data, size_t len);
// Closes at once.
void link_close(device_obj_t *self);
// Whether the wake-up has to wait until the socket can be written.
bool link_wants_write(const device_obj_t *self);

// ---- tls.c: whom the link trusts ----

#define TLS_HINT_NO_TLS "does this port speak TLS?"

// TLS over the link's socket, for a server of that name; nothing is sent yet. Raises what the firmware raises.
mp_obj_t tls_wrap(device_obj_t *self, aliyun_iot_bytes host);
// Forgets the trust roots, for another login.
void tls_forget(device_obj_t *self);
// What may be behind an error of mbedTLS, or NULL.
const char *tls_hint(int error);
// Adds that the clock is wrong, if it is.
void tls_print_clock(const mp_print_t *print);

// ---- roots.c ----

// The trust roots that are built in, DER.
typedef struct {
    const byte *data;
    size_t len;
} root_t;
size_t roots_count(void);
root_t root_get(size_t index);

#endif
