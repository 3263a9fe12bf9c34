// The life of a device: from its first connect to the end, and again.

#include <string.h>

#include "base/args.h"
#include "device/object.h"

// ---- Memory ----

device_obj_t *device_new(const mp_obj_type_t *type, const pump_client_t *client, size_t services_size) {
    if (!(aliyun_iot_features() & ALIYUN_IOT_FEATURE_WORDS)) {
        // The library's words stand in the exceptions of scripts.
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the library has no words; build it with --with words"));
    }
    device_obj_t *self = runtime_malloc_with_finaliser(device_obj_t, type);
    memset((byte *)self + sizeof(self->base), 0, sizeof(*self) - sizeof(self->base));
    core_t *core = &self->core;
    lock_prepare(&core->lock);
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        link_init(&self->links[i], core, i);
    }
    self->drive.core = self->pump.core = self->answers.core = self->replies.core = core;
    self->drive.links = self->pump.links = self->links;
    self->pump.drive = self->answers.drive = &self->drive;
    self->calls.lock = &core->lock;
    self->pump.callbacks = self->answers.callbacks = self->replies.callbacks = &self->calls;
    self->pump.client = client;
    self->pump.owner = self;
    self->services = m_new(byte, services_size);
    memset(self->services, 0, services_size);
    return self;
}

// It may not touch other objects: they may be gone already.
void device_finalise(device_obj_t *self) {
    if (self->pump.wake != NULL) {
        port_wake_free(self->pump.wake);
        self->pump.wake = NULL;
    }
}

void device_set_name(device_obj_t *self, aliyun_iot_bytes name) {
    runtime_store(&self->name, name.len == 0 ? MP_OBJ_NULL : runtime_text(name));
    console_forget(&self->console);
}

// ---- Connected devices ----

// A connected device lives on even if the script lets go of it, as it did on HaaS firmware: a list holds it, which
// `sys.modules` holds, or a native module's state.
static mp_obj_t connected(void) {
    #if MICROPY_ENABLE_DYNRUNTIME
    runtime_state_t *state = runtime_state();
    if (state->connected == MP_OBJ_NULL) {
        state->connected = mp_obj_new_list(0, NULL);
    }
    return state->connected;
    #else
    mp_obj_t modules = mp_load_attr(runtime_import(MP_QSTR_sys), MP_QSTR_modules);
    mp_obj_t list = arg_get(modules, MP_QSTR__aliyunIoT_connected);
    if (list == MP_OBJ_NULL) {
        list = mp_obj_new_list(0, NULL);
        runtime_set(modules, MP_QSTR__aliyunIoT_connected, list);
    }
    return list;
    #endif
}

// Calls a method of that list. Threads do not agree on a list by themselves.
static void change_connected(qstr method, device_obj_t *self) {
    mp_obj_t self_in = MP_OBJ_FROM_PTR(self);
    runtime_lock();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_call(connected(), method, 1, &self_in);
        nlr_pop();
        runtime_unlock();
        runtime_settle(self);
    } else {
        runtime_unlock();
        nlr_jump(nlr.ret_val);
    }
}

// ---- Connecting and closing ----

// What the wake-up schedules.
static mp_obj_t device_woken(mp_obj_t ticket) {
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(ticket, &count, &items);
    if (count == 1 && items[0] != mp_const_none) {
        device_obj_t *self = MP_OBJ_TO_PTR(items[0]);
        pump_run_woken(&self->pump);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(device_woken_obj, device_woken);

void device_check_idle(const device_obj_t *self) {
    if (self->core.device != NULL && self->pump.wake != NULL) {
        runtime_raise_os(MP_EISCONN, runtime_words(aliyun_iot_is_registering(self->core.device)
            ? "already connected: call end() first (a registration is under way)" : "already connected: call end() first"));
    }
}

void device_wake(device_obj_t *self) {
    mp_obj_t self_in = MP_OBJ_FROM_PTR(self);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t ticket = mp_obj_new_list(1, &self_in);
        runtime_store(&self->ticket, ticket);
        self->pump.wake = port_wake_new(MP_OBJ_FROM_PTR(&device_woken_obj), ticket);
        change_connected(MP_QSTR_append, self);
        nlr_pop();
    } else {
        device_release(self);
        nlr_jump(nlr.ret_val);
    }
}

void device_release(device_obj_t *self) {
    for (size_t i = 0; i < ALIYUN_IOT_LINKS; i++) {
        link_close(&self->links[i]);
        tls_forget(&self->links[i].trust);
    }
    pump_stop(&self->pump);
    if (self->ticket != MP_OBJ_NULL) {
        mp_obj_subscr(self->ticket, MP_OBJ_NEW_SMALL_INT(0), mp_const_none);
        self->ticket = MP_OBJ_NULL;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        change_connected(MP_QSTR_remove, self);
        nlr_pop();
    }
    // ValueError: it was not there.
}

int32_t device_close(device_obj_t *self) {
    if (self->core.device == NULL) {
        return ALIYUN_IOT_STATUS_NOT_CONNECTED;
    }
    // What another thread writes, or the block of an upload that it fills, is finished first.
    if (!drive_acquire(&self->drive)) {
        runtime_raise_os(MP_EBUSY, runtime_words("an upload is reading its file: call end() later"));
    }
    int32_t status;
    CORE_LOCKED(&self->core, status = aliyun_iot_close(self->core.device, port_ticks_ms()));
    drive_release(&self->drive);
    return status;
}
