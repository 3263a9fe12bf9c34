// Who a device is, as the store has it. Each device's secret stands under `{product key}/{device name}`, that of a vendor cloud
// under `{cloud}:{product id}/{device name}`: so none gets the secret of another one, nor loses its own when another one
// registers. Alibaba's device that was registered last stands under the names of the old firmware besides, which scripts read.

#include <string.h>

#include "base/haas.h"
#include "base/others.h"
#include "store/identity.h"
#include "store/store.h"

static mp_obj_t get(mp_obj_t values, mp_obj_t key) {
    mp_obj_t value = runtime_call(values, MP_QSTR_get, 1, &key);
    return mp_obj_is_str(value) ? value : MP_OBJ_NULL;
}

// What goes with a secret stands under its name with this behind it.
#define CLIENT_ID "/clientId"
#define CERTIFICATE "/cert"

// `{cloud}:{product}/{device name}{more}`; Alibaba's product keys have no colon.
static mp_obj_t device_key(const char *cloud, mp_obj_t product, mp_obj_t device_name, const char *more) {
    vstr_t key;
    vstr_init(&key, 64);
    if (ALIYUN_IOT_HAS_VENDORS && cloud != NULL) {
        vstr_add_str(&key, cloud);
        vstr_add_byte(&key, ':');
    }
    vstr_add_str(&key, mp_obj_str_get_str(product));
    vstr_add_byte(&key, '/');
    vstr_add_str(&key, mp_obj_str_get_str(device_name));
    vstr_add_str(&key, more);
    return mp_obj_new_str_from_vstr(&key);
}

static bool is(mp_obj_t values, qstr key, mp_obj_t wanted) {
    mp_obj_t value = get(values, MP_OBJ_NEW_QSTR(key));
    return value != MP_OBJ_NULL && mp_binary_op(MP_BINARY_OP_EQUAL, value, wanted) == mp_const_true;
}

identity_t identity_find(const char *cloud, aliyun_iot_bytes product_id, aliyun_iot_bytes device_name) {
    mp_obj_t product = runtime_text(product_id), device = runtime_text(device_name);
    mp_obj_t values = store_read().values;
    identity_t found;
    if (ALIYUN_IOT_HAS_VENDORS && cloud != NULL) {
        found.secret = get(values, device_key(cloud, product, device, ""));
        found.other = get(values, device_key(cloud, product, device, CERTIFICATE));
        return found;
    }
    found.other = get(values, device_key(NULL, product, device, CLIENT_ID));
    // Of the last device, a script may have changed the secret, or removed it to have the device registered again.
    bool last = is(values, HAAS_KEY_PRODUCT_KEY, product) && is(values, HAAS_KEY_DEVICE_NAME, device);
    found.secret = get(values, last ? MP_OBJ_NEW_QSTR(HAAS_KEY_DEVICE_SECRET) : device_key(NULL, product, device, ""));
    return found;
}

static mp_obj_t text_or_empty(aliyun_iot_bytes text) {
    return text.data == NULL ? mp_obj_new_str("", 0) : runtime_text(text);
}

mp_obj_t identity_info(aliyun_iot_bytes region, aliyun_iot_bytes product_key, aliyun_iot_bytes product_secret,
    aliyun_iot_bytes device_name, aliyun_iot_bytes device_secret) {
    mp_obj_t info = mp_obj_new_dict(5);
    runtime_set(info, MP_QSTR_region, text_or_empty(region));
    runtime_set(info, MP_QSTR_productKey, text_or_empty(product_key));
    runtime_set(info, MP_QSTR_productSecret, text_or_empty(product_secret));
    runtime_set(info, MP_QSTR_deviceName, text_or_empty(device_name));
    runtime_set(info, MP_QSTR_deviceSecret, text_or_empty(device_secret));
    return info;
}

static void recall(mp_obj_t info, qstr name, mp_obj_t values, qstr key) {
    mp_obj_t value = get(values, MP_OBJ_NEW_QSTR(key));
    runtime_set(info, name, value == MP_OBJ_NULL ? mp_obj_new_str("", 0) : value);
}

mp_obj_t identity_stored(void) {
    mp_obj_t values = store_read().values;
    if (get(values, MP_OBJ_NEW_QSTR(HAAS_KEY_PRODUCT_KEY)) == MP_OBJ_NULL) {
        return mp_const_none;
    }
    mp_obj_t info = mp_obj_new_dict(5);
    recall(info, MP_QSTR_region, values, HAAS_KEY_REGION);
    recall(info, MP_QSTR_productKey, values, HAAS_KEY_PRODUCT_KEY);
    recall(info, MP_QSTR_productSecret, values, HAAS_KEY_PRODUCT_SECRET);
    recall(info, MP_QSTR_deviceName, values, HAAS_KEY_DEVICE_NAME);
    recall(info, MP_QSTR_deviceSecret, values, HAAS_KEY_DEVICE_SECRET);
    return info;
}

static void keep(mp_obj_t values, qstr key, mp_obj_t info, qstr name) {
    runtime_set(values, key, runtime_dict_find(info, name));
}

// What getDeviceInfo() returns, the name of a vendor cloud or None, and what goes with the secret or None.
static bool keep_all(mp_obj_t values, const mp_obj_t *arguments) {
    mp_obj_t info = arguments[0], other = arguments[2];
    const char *cloud = NULL, *more = CLIENT_ID;
    if (arguments[1] != mp_const_none) {
        cloud = mp_obj_str_get_str(arguments[1]);
        more = CERTIFICATE;
    } else {
        keep(values, HAAS_KEY_REGION, info, MP_QSTR_region);
        keep(values, HAAS_KEY_PRODUCT_KEY, info, MP_QSTR_productKey);
        keep(values, HAAS_KEY_PRODUCT_SECRET, info, MP_QSTR_productSecret);
        keep(values, HAAS_KEY_DEVICE_NAME, info, MP_QSTR_deviceName);
        keep(values, HAAS_KEY_DEVICE_SECRET, info, MP_QSTR_deviceSecret);
    }
    mp_obj_t product = runtime_dict_find(info, MP_QSTR_productKey), device = runtime_dict_find(info, MP_QSTR_deviceName);
    mp_obj_dict_store(values, device_key(cloud, product, device, ""), runtime_dict_find(info, MP_QSTR_deviceSecret));
    mp_obj_t other_key = device_key(cloud, product, device, more);
    if (other != mp_const_none) {
        mp_obj_dict_store(values, other_key, other);
    } else {
        mp_obj_t pop[2] = { other_key, mp_const_none };
        runtime_call(values, MP_QSTR_pop, 2, pop);
    }
    return true;
}

void identity_store(const char *cloud, mp_obj_t info, mp_obj_t other) {
    mp_obj_t arguments[3];
    arguments[0] = info;
    arguments[1] = cloud == NULL ? mp_const_none : mp_obj_new_str(cloud, strlen(cloud));
    arguments[2] = other == MP_OBJ_NULL ? mp_const_none : other;
    store_change(keep_all, arguments);
}
