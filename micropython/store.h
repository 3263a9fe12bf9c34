// Where a device's identity outlives the power: names and texts, as in the old firmware's module `kv`.
#ifndef ALIYUN_IOT_BINDING_STORE_H
#define ALIYUN_IOT_BINDING_STORE_H

#include "aliyun_iot.h"
#include "runtime.h"

typedef struct {
    mp_obj_t values; // a dict of names and texts
    mp_int_t sequence;
    size_t slot;
} store_t;

// Reads what is stored; nothing, if nothing is. Raises OSError if that cannot be known.
store_t store_read(void);
// Has `change` change the values that are stored, and writes them if it returns true: all of it or nothing, whenever the
// power goes. Nobody else reads or writes meanwhile. Raises OSError, and then all is as before.
void store_change(bool (*change)(mp_obj_t values, const mp_obj_t *arguments), const mp_obj_t *arguments);
// `{home}/.aliyunIoT`. Raises OSError if `home` is not the whole path of a folder.
mp_obj_t store_in_home(const char *home);

// ---- store_lock.c: one at a time ----

typedef struct {
    bool interrupts; // whether Ctrl-C was held back before
    int file;
} store_lock_t;

// Waits until no other thread uses the store and no other program writes it, or reads it if `write` is set; Ctrl-C ends the
// wait. Raises OSError if others have it for too long, or if this thread itself uses the store already.
void store_lock(store_lock_t *lock, bool write);
void store_unlock(const store_lock_t *lock);
// Whether this thread uses the store.
bool store_is_used_here(void);

// ---- identity.c: what the store knows of devices ----

// The secret that was stored for a device, or the token and the client identifier that goes with it.
typedef struct {
    mp_obj_t secret;    // MP_OBJ_NULL if there is none
    mp_obj_t client_id; // of a token, else MP_OBJ_NULL
} identity_t;

identity_t identity_find(aliyun_iot_bytes product_key, aliyun_iot_bytes device_name);
// What `getDeviceInfo()` tells: a dict of the five.
mp_obj_t identity_info(aliyun_iot_bytes region, aliyun_iot_bytes product_key, aliyun_iot_bytes product_secret,
    aliyun_iot_bytes device_name, aliyun_iot_bytes device_secret);
// The same of the device that was registered last, or None.
mp_obj_t identity_stored(void);
// Stores what `info` tells. `client_id` is MP_OBJ_NULL unless the secret is a token. Raises OSError.
void identity_store(mp_obj_t info, mp_obj_t client_id);

// ---- kv.c ----

// Firmware that has a module `kv` of its own keeps it with -DALIYUN_IOT_KV=0.
#ifndef ALIYUN_IOT_KV
#define ALIYUN_IOT_KV (1)
#endif

extern const mp_obj_fun_builtin_fixed_t kv_get_obj, kv_set_obj, kv_remove_obj;

#endif
