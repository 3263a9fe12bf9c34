// `aliyunIoT.Device`: the object and its methods. What a method takes is in the generated table.

#include <string.h>

#include "device.h"
#include "args.h"
#include "generated/connection_args.h"
#include "generated/device_table.h"
#include "generated/messages_args.h"
#include "generated/model_args.h"
#include "generated/raw_args.h"
#include "store.h"

static mp_obj_t device_woken(mp_obj_t ticket);
static MP_DEFINE_CONST_FUN_OBJ_1(device_woken_obj, device_woken);

// ---- Life of the object ----

static mp_obj_t device_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    device_obj_t *self = runtime_malloc_with_finaliser(device_obj_t, type);
    memset((byte *)self + sizeof(self->base), 0, sizeof(*self) - sizeof(self->base));
    self->link.fd = -1;
    device_lock_init(self);
    return MP_OBJ_FROM_PTR(self);
}

static void device_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)self_in;
    (void)kind;
    mp_print_str(print, "aiot_device");
}

// A connected device lives on even if the script lets go of it, as it did on HaaS firmware: a list holds it, which
// `sys.modules` holds, or a native module's state.
mp_obj_t device_living(void) {
    #if MICROPY_ENABLE_DYNRUNTIME
    runtime_state_t *state = runtime_state();
    if (state->living == MP_OBJ_NULL) {
        state->living = mp_obj_new_list(0, NULL);
    }
    return state->living;
    #else
    mp_obj_t modules = mp_load_attr(runtime_import(MP_QSTR_sys), MP_QSTR_modules);
    mp_obj_t list = arg_get(modules, MP_QSTR__aliyunIoT_living);
    if (list == MP_OBJ_NULL) {
        list = mp_obj_new_list(0, NULL);
        runtime_set(modules, MP_QSTR__aliyunIoT_living, list);
    }
    return list;
    #endif
}

// Calls a method of that list. Threads do not agree on a list by themselves.
static void change_living(qstr method, device_obj_t *self) {
    mp_obj_t self_in = MP_OBJ_FROM_PTR(self);
    runtime_lock();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_call(device_living(), method, 1, &self_in);
        nlr_pop();
        runtime_unlock();
        runtime_settle(self);
    } else {
        runtime_unlock();
        nlr_jump(nlr.ret_val);
    }
}

// Makes the core, or makes it anew for a receive buffer of another size.
void device_make_core(device_obj_t *self, size_t rx_size) {
    if (self->core != NULL && self->rx_size == rx_size) {
        return;
    }
    // All that may raise comes first. The core's memory and its other buffers serve the next one, too.
    size_t size = aliyun_iot_device_size();
    byte *rx = m_new(byte, rx_size);
    byte *memory = self->core == NULL ? m_new(byte, size) : (byte *)self->core;
    if (self->core == NULL) {
        byte *tx = m_new(byte, ALIYUN_IOT_TX_SIZE);
        self->tx = tx;
        self->tx_size = ALIYUN_IOT_TX_SIZE;
        runtime_settle(tx);
        byte *topics = m_new(byte, ALIYUN_IOT_TOPICS_SIZE);
        self->topics = topics;
        runtime_settle(topics);
    }
    uint32_t seed = port_random();
    device_lock(self);
    aliyun_iot_drop(self->core);
    self->rx = rx;
    self->rx_size = rx_size;
    self->core = aliyun_iot_init(memory, size, rx, rx_size, self->tx, self->tx_size, self->topics, ALIYUN_IOT_TOPICS_SIZE, seed);
    device_unlock(self);
    runtime_settle(rx);
    runtime_settle(memory);
}

void device_reset_core(device_obj_t *self) {
    uint32_t seed = port_random();
    device_lock(self);
    aliyun_iot_drop(self->core);
    self->core = aliyun_iot_init((byte *)self->core, aliyun_iot_device_size(), self->rx, self->rx_size, self->tx, self->tx_size,
        self->topics, ALIYUN_IOT_TOPICS_SIZE, seed);
    device_unlock(self);
}

void device_check_idle(const device_obj_t *self) {
    if (self->core != NULL && self->wake != NULL) {
        runtime_raise_os(MP_EISCONN, runtime_words(self->registration == MP_OBJ_NULL
            ? "already connected: call end() first" : "already connected: call end() first (a registration is under way)"));
    }
}

void device_wake(device_obj_t *self) {
    mp_obj_t self_in = MP_OBJ_FROM_PTR(self);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t ticket = mp_obj_new_list(1, &self_in);
        runtime_store(&self->ticket, ticket);
        self->wake = port_wake_new(MP_OBJ_FROM_PTR(&device_woken_obj), ticket);
        change_living(MP_QSTR_append, self);
        nlr_pop();
    } else {
        device_release(self);
        nlr_jump(nlr.ret_val);
    }
}

void device_release(device_obj_t *self) {
    self->registration = MP_OBJ_NULL;
    link_close(self);
    tls_forget(self);
    // Another thread may be about to arm it.
    device_lock(self);
    port_wake_t *wake = self->wake;
    self->wake = NULL;
    device_unlock(self);
    if (wake != NULL) {
        port_wake_free(wake);
    }
    if (self->ticket != MP_OBJ_NULL) {
        mp_obj_subscr(self->ticket, MP_OBJ_NEW_SMALL_INT(0), mp_const_none);
        self->ticket = MP_OBJ_NULL;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        change_living(MP_QSTR_remove, self);
        nlr_pop();
    }
    // ValueError: it was not there.
}

// The collector's call. It may not touch other objects: they may be gone already.
static mp_obj_t device_del(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->wake != NULL) {
        port_wake_free(self->wake);
        self->wake = NULL;
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(device_del_obj, device_del);

// ---- Results ----

MP_NORETURN void device_raise(const char *method, int32_t status) {
    const mp_obj_type_t *type = status == ALIYUN_IOT_STATUS_LEFT_OUT ? &mp_type_NotImplementedError : &mp_type_ValueError;
    mp_raise_msg_varg(type, MP_ERROR_TEXT("%s(): %s"), method, aliyun_iot_status_text(status));
}

static mp_obj_t outcome(device_obj_t *self, const char *method, int32_t status) {
    if (status >= 0) {
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    switch (status) {
        case ALIYUN_IOT_STATUS_NOT_CONNECTED:
        case ALIYUN_IOT_STATUS_FULL:
        case ALIYUN_IOT_STATUS_TOO_LARGE:
        case ALIYUN_IOT_STATUS_NO_THING:
        case ALIYUN_IOT_STATUS_GIVEN_UP:
            return MP_OBJ_NEW_SMALL_INT(status);
        case ALIYUN_IOT_STATUS_JSON:
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): 'params' is not a JSON object: see byte %u"), method,
                (unsigned)aliyun_iot_needed(self->core));
        case ALIYUN_IOT_STATUS_TOPIC_LENGTH:
        case ALIYUN_IOT_STATUS_TOPIC_LEVELS:
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): %s, not %u"), method, aliyun_iot_status_text(status),
                (unsigned)aliyun_iot_needed(self->core));
        default:
            device_raise(method, status);
    }
}

bool device_grow(device_obj_t *self, const char *method, size_t more, int32_t *status) {
    // What waits in the old buffer needs its room besides.
    size_t needed = more + self->tx_size;
    byte *tx = gc_is_locked() ? NULL : m_new_maybe(byte, needed);
    if (tx == NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): no memory for a message of %u bytes"), method, (unsigned)needed);
    }
    if (!device_drive(self)) {
        *status = ALIYUN_IOT_STATUS_FULL;
        return false;
    }
    device_lock(self);
    *status = aliyun_iot_move_tx(self->core, tx, needed);
    device_unlock(self);
    if (*status == ALIYUN_IOT_STATUS_OK) {
        self->tx = tx;
        self->tx_size = needed;
        runtime_settle(tx);
    }
    device_let_go(self);
    return *status == ALIYUN_IOT_STATUS_OK;
}

// Whether it is worth trying again: the send buffer was too small and has been made large enough.
static bool grown(device_obj_t *self, const char *method, int32_t *status) {
    return *status == ALIYUN_IOT_STATUS_TOO_LARGE && device_grow(self, method, aliyun_iot_needed(self->core), status);
}

// Later than this nothing is due that follows what was sent.
#define DUE_SOON_MS (5000)

mp_obj_t device_queued(device_obj_t *self, const char *method, int32_t status) {
    mp_obj_t result = outcome(self, method, status);
    if (status >= 0) {
        device_send(self);
        // On a session that is careful the core wants to be polled soon after what was sent.
        if (link_wants_write(self) || device_due_in(self) <= DUE_SOON_MS) {
            device_arm(self);
        }
    }
    return result;
}

// A call into the core that gives a status.
#define LOCKED(self, status, call) \
    do { \
        device_lock(self); \
        status = call; \
        device_unlock(self); \
    } while (0)

// The same of a message, whose reply the callback is to be told.
#define POSTED(self, status, reply, kind, number, call) \
    do { \
        device_lock(self); \
        status = call; \
        if (status >= 0) { \
            replies_add(self, reply, kind, number); \
        } \
        device_unlock(self); \
    } while (0)

#define NOT_CONNECTED MP_OBJ_NEW_SMALL_INT(ALIYUN_IOT_STATUS_NOT_CONNECTED)

// ---- Methods, in the order of the table ----

#define EVENT_CASE(name, value) case value:

static bool event_exists(mp_int_t event) {
    switch (event) {
        ALIYUN_IOT_EVENTS(EVENT_CASE)
        return true;
    }
    return false;
}

static mp_obj_t device_on(mp_obj_t self_in, mp_obj_t event_in, mp_obj_t callback) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_int_t event = mp_obj_get_int(event_in);
    if (!event_exists(event)) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("on(): there is no event %d"), (int)event);
    }
    runtime_store(&self->callbacks[event], callback_or_null("on", callback));
    self->settled |= 1u << event;
    return MP_OBJ_NEW_SMALL_INT(0);
}

static mp_obj_t device_onProps(mp_obj_t self_in, mp_obj_t callback) {
    return device_on(self_in, MP_OBJ_NEW_SMALL_INT(ALIYUN_IOT_ON_PROPS), callback);
}

static mp_obj_t device_onService(mp_obj_t self_in, mp_obj_t callback) {
    return device_on(self_in, MP_OBJ_NEW_SMALL_INT(ALIYUN_IOT_ON_SERVICE), callback);
}

// The identity that a registration has stored, in the place of a secret that was not given.
static identity_t stored_identity(mp_obj_t data, connect_args_t *args) {
    identity_t stored = identity_find(args->productKey, args->deviceName);
    if (stored.secret != MP_OBJ_NULL) {
        args->deviceSecret = arg_text(stored.secret, "deviceSecret");
        return stored;
    }
    if (arg_stray(data, connect_keys) != MP_OBJ_NULL) {
        arg_required(data, MP_OBJ_NULL, "connect", "deviceSecret", connect_keys);
    }
    mp_raise_ValueError(MP_ERROR_TEXT("connect(): 'deviceSecret' is missing, and none is stored for this device: register() it first"));
}

static mp_obj_t device_connect(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    connect_args_t args;
    connect_args(data, &args);
    device_check_idle(self);
    endpoint_check_host("connect", args.host);
    identity_t stored = { MP_OBJ_NULL, MP_OBJ_NULL };
    if (args.deviceSecret.data == NULL) {
        stored = stored_identity(data, &args);
    }
    device_make_core(self, args.rxBuffer == ARG_INT_NONE ? ALIYUN_IOT_RX_SIZE : args.rxBuffer);

    aliyun_iot_credentials credentials = {
        .product_key = args.productKey,
        .device_name = args.deviceName,
        .device_secret = args.deviceSecret,
        .region = args.region,
        .instance_id = args.instanceId,
        .host = args.host,
        .sign_method = args.signMethod,
        .port = args.port == ARG_INT_NONE ? 0 : args.port,
        .keepalive = args.keepaliveSec == ARG_INT_NONE ? 0 : args.keepaliveSec,
        .connect_timeout = args.connectTimeout == ARG_INT_NONE ? 0 : args.connectTimeout,
        // The core's 0 is "as usual", so that none is -1.
        .offline_queue = args.offlineQueue == ARG_INT_NONE ? 0 : args.offlineQueue == 0 ? -1 : args.offlineQueue,
        .without_tls = !args.tls,
        .keep_session = !args.cleanSession,
    };
    if (stored.client_id != MP_OBJ_NULL) {
        credentials.device_token = args.deviceSecret;
        credentials.client_id = arg_text(stored.client_id, "clientId");
    }
    endpoint_redirect(false, &credentials.host, &credentials.port);

    // All that may raise comes before the core begins.
    mp_obj_t info = identity_info(args.region, args.productKey, (aliyun_iot_bytes) { (const uint8_t *)"", 0 }, args.deviceName,
        args.deviceSecret);
    runtime_store(&self->ca, args.ca.data == NULL ? MP_OBJ_NULL : mp_obj_new_bytes(args.ca.data, args.ca.len));
    runtime_store(&self->name, runtime_text(args.deviceName));
    console_forget(self);
    device_wake(self);
    int32_t status;
    LOCKED(self, status, aliyun_iot_connect(self->core, &credentials, port_ticks_ms()));
    if (status != ALIYUN_IOT_STATUS_OK) {
        device_release(self);
        device_raise("connect", status);
    }
    runtime_store(&self->info, info);
    // The link is opened from the scheduler, so that this returns at once.
    self->pump_again = true;
    device_arm(self);
    return MP_OBJ_NEW_SMALL_INT(0);
}

int32_t device_close(device_obj_t *self) {
    // What another thread writes, or the block of an upload that it fills, is finished first.
    if (!device_drive(self)) {
        runtime_raise_os(MP_EBUSY, runtime_words("an upload is reading its file: call end() later"));
    }
    int32_t status;
    LOCKED(self, status, aliyun_iot_close(self->core, port_ticks_ms()));
    device_let_go(self);
    return status;
}

static mp_obj_t device_end(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->core == NULL || device_close(self) != ALIYUN_IOT_STATUS_OK) {
        return NOT_CONNECTED;
    }
    if (device_pumps_here(self)) {
        self->pump_again = true;
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    // The core gives up by itself after two seconds; the rest is for a locked heap, where the pump has to wait.
    uint32_t start = port_ticks_ms();
    for (;;) {
        device_pump(self);
        if (self->wake == NULL || port_ticks_ms() - start > 3000) {
            break;
        }
        mp_hal_delay_ms(1);
    }
    return MP_OBJ_NEW_SMALL_INT(0);
}

static mp_obj_t device_getDeviceInfo(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    return self->info == MP_OBJ_NULL ? identity_stored() : mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_dict), self->info);
}

static mp_obj_t device_getDeviceHandle(mp_obj_t self_in) {
    return mp_obj_new_int_from_uint((uintptr_t)MP_OBJ_TO_PTR(self_in));
}

static mp_obj_t posted(device_obj_t *self, const char *method, int32_t status, reply_t *reply) {
    if (reply != NULL) {
        runtime_settle(reply);
    }
    mp_obj_t result = device_queued(self, method, status);
    if (reply != NULL) {
        device_arm(self);
    }
    return result;
}

static mp_obj_t device_postProps(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postProps_args_t args;
    postProps_args(arguments[1], &args);
    reply_t *reply = replies_new("postProps", n_args > 2 ? arguments[2] : mp_const_none);
    if (self->core == NULL) {
        return NOT_CONNECTED;
    }
    int32_t status;
    uint32_t id = 0;
    do {
        POSTED(self, status, reply, REPLY_POST, id, aliyun_iot_post_properties(self->core, args.params, &id));
    } while (grown(self, "postProps", &status));
    return posted(self, "postProps", status, reply);
}

static mp_obj_t device_postEvent(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postEvent_args_t args;
    postEvent_args(arguments[1], &args);
    reply_t *reply = replies_new("postEvent", n_args > 2 ? arguments[2] : mp_const_none);
    if (self->core == NULL) {
        return NOT_CONNECTED;
    }
    int32_t status;
    uint32_t id = 0;
    do {
        POSTED(self, status, reply, REPLY_POST, id, aliyun_iot_post_event(self->core, args.id, args.params, &id));
    } while (grown(self, "postEvent", &status));
    return posted(self, "postEvent", status, reply);
}

static mp_obj_t device_postRaw(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    postRaw_args_t args;
    postRaw_args(arguments[1], &args);
    reply_t *reply = replies_new("postRaw", n_args > 2 ? arguments[2] : mp_const_none);
    if (self->core == NULL) {
        return NOT_CONNECTED;
    }
    int32_t status;
    do {
        POSTED(self, status, reply, REPLY_RAW, 0, aliyun_iot_post_raw(self->core, args.param));
    } while (grown(self, "postRaw", &status));
    return posted(self, "postRaw", status, reply);
}

static mp_obj_t device_publish(size_t n_args, const mp_obj_t *arguments) {
    device_obj_t *self = MP_OBJ_TO_PTR(arguments[0]);
    publish_args_t args;
    publish_args(arguments[1], &args);
    reply_t *reply = replies_new("publish", n_args > 2 ? arguments[2] : mp_const_none);
    if (reply != NULL && args.qos != 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("publish(): a callback needs qos 1, since nobody acknowledges qos 0"));
    }
    if (self->core == NULL) {
        return NOT_CONNECTED;
    }
    int32_t status;
    do {
        POSTED(self, status, reply, REPLY_PUBLISH, status, aliyun_iot_publish(self->core, args.topic, args.payload, args.qos == 1));
    } while (grown(self, "publish", &status));
    return posted(self, "publish", status, reply);
}

static mp_obj_t device_subscribe(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    subscribe_args_t args;
    subscribe_args(data, &args);
    if (self->core == NULL) {
        return NOT_CONNECTED;
    }
    int32_t status;
    LOCKED(self, status, aliyun_iot_subscribe(self->core, args.topic, args.qos == 1));
    return device_queued(self, "subscribe", status);
}

static mp_obj_t device_unsubscribe(mp_obj_t self_in, mp_obj_t data) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    unsubscribe_args_t args;
    unsubscribe_args(data, &args);
    if (self->core == NULL) {
        return NOT_CONNECTED;
    }
    int32_t status;
    LOCKED(self, status, aliyun_iot_unsubscribe(self->core, args.topic));
    return device_queued(self, "unsubscribe", status);
}

// What the wake-up schedules.
static mp_obj_t device_woken(mp_obj_t ticket) {
    size_t count;
    mp_obj_t *device;
    mp_obj_get_array(ticket, &count, &device);
    if (count == 1 && device[0] != mp_const_none) {
        device_pump_woken(MP_OBJ_TO_PTR(device[0]));
    }
    return mp_const_none;
}

static mp_obj_t device_poll(mp_obj_t self_in) {
    device_obj_t *self = MP_OBJ_TO_PTR(self_in);
    device_pump(self);
    uint32_t ms = self->core == NULL ? UINT32_MAX : device_due_in(self);
    return ms == UINT32_MAX ? MP_OBJ_NEW_SMALL_INT(-1) : mp_obj_new_int_from_uint(ms & 0x3fffffff);
}

static mp_obj_t device_enter(mp_obj_t self_in) {
    return self_in;
}
static MP_DEFINE_CONST_FUN_OBJ_1(device_enter_obj, device_enter);

static mp_obj_t device_exit(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    device_end(args[0]);
    return mp_const_false;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(device_exit_obj, 1, 4, device_exit);

// ---- Tables ----

#define FIXED_OBJECT(name, count) static MP_DEFINE_CONST_FUN_OBJ_##count(device_##name##_obj, device_##name);
#define OPTIONAL_OBJECT(name, least, most) static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(device_##name##_obj, least, most, device_##name);
ALIYUN_IOT_METHODS(FIXED_OBJECT, OPTIONAL_OBJECT)

// What the class has besides: X(name, object).
#define SPECIAL_METHODS(X) \
    X(__del__, device_del_obj) \
    X(__enter__, device_enter_obj) \
    X(__exit__, device_exit_obj)

#if MICROPY_ENABLE_DYNRUNTIME

#define STORE(name, value) mp_obj_dict_store(locals, MP_OBJ_NEW_QSTR(MP_QSTR_##name), value);
#define STORE_SPECIAL(name, object) STORE(name, MP_OBJ_FROM_PTR(&object))
#define STORE_METHOD(name, ...) STORE(name, MP_OBJ_FROM_PTR(&device_##name##_obj))
#define STORE_CONSTANT(name, value) STORE(name, MP_OBJ_NEW_SMALL_INT(value))

// A native module's names have no numbers before it is loaded, so its class is made then.
mp_obj_t device_type_new(void) {
    mp_obj_t locals = mp_obj_new_dict(0);
    SPECIAL_METHODS(STORE_SPECIAL)
    ALIYUN_IOT_METHODS(STORE_METHOD, STORE_METHOD)
    ALIYUN_IOT_EVENTS(STORE_CONSTANT)
    ALIYUN_IOT_VALUES(STORE_CONSTANT)
    mp_obj_full_type_t *type = m_new(mp_obj_full_type_t, 1);
    memset(type, 0, sizeof(*type));
    type->base.type = &mp_type_type;
    type->name = MP_QSTR_Device;
    MP_OBJ_TYPE_SET_SLOT(type, make_new, device_make_new, 0);
    MP_OBJ_TYPE_SET_SLOT(type, print, device_print, 1);
    MP_OBJ_TYPE_SET_SLOT(type, locals_dict, MP_OBJ_TO_PTR(locals), 2);
    return MP_OBJ_FROM_PTR(type);
}

#else

#define SPECIAL_ENTRY(name, object) { MP_ROM_QSTR(MP_QSTR_##name), MP_ROM_PTR(&object) },
#define METHOD_ENTRY(name, ...) SPECIAL_ENTRY(name, device_##name##_obj)
#define CONSTANT_ENTRY(name, value) { MP_ROM_QSTR(MP_QSTR_##name), MP_ROM_INT(value) },

static const mp_rom_map_elem_t device_locals_table[] = {
    SPECIAL_METHODS(SPECIAL_ENTRY)
    // Methods.
    ALIYUN_IOT_METHODS(METHOD_ENTRY, METHOD_ENTRY)
    // Constants.
    ALIYUN_IOT_EVENTS(CONSTANT_ENTRY)
    ALIYUN_IOT_VALUES(CONSTANT_ENTRY)
};
static MP_DEFINE_CONST_DICT(device_locals, device_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    aliyun_iot_device_type,
    MP_QSTR_Device,
    MP_TYPE_FLAG_NONE,
    make_new, device_make_new,
    print, device_print,
    locals_dict, &device_locals
    );

#endif
