// What methods return and raise.

#include "base/clock.h"
#include "device/results.h"

// Later than this nothing is due that follows what was sent.
#define DUE_SOON_MS (5000)

MP_NORETURN void result_raise(const char *method, int32_t status) {
    const mp_obj_type_t *type = status == ALIYUN_IOT_STATUS_LEFT_OUT ? &mp_type_NotImplementedError : &mp_type_ValueError;
    mp_raise_msg_varg(type, MP_ERROR_TEXT("%s(): %s"), method, aliyun_iot_status_text(status));
}

void result_check_cloud(const char *method, unsigned cloud) {
    const cloud_t *it = &clouds_list[cloud];
    if (it->fill == NULL || (aliyun_iot_features() & it->feature) != it->feature) {
        mp_raise_msg_varg(&mp_type_NotImplementedError, MP_ERROR_TEXT("%s(): cloud '%s' is left out of this firmware"), method, it->name);
    }
}

MP_NORETURN void result_raise_login(const char *method, const cloud_t *cloud, int32_t status) {
    #if ALIYUN_IOT_HAS_VENDORS
    if (status == ALIYUN_IOT_STATUS_VENDOR_CLOCK) {
        vstr_t words;
        vstr_init(&words, 80);
        vstr_printf(&words, "%s(): the clock says %u: set it first, for example with ntptime.settime()", method, clock_year());
        runtime_raise_os(MP_EINVAL, mp_obj_new_str_from_vstr(&words));
    }
    const char *words = aliyun_iot_status_text(status);
    size_t len = 0;
    while (words[len] != ' ' && words[len] != '\0') {
        len++;
    }
    const char *key = cloud->key_of == NULL ? NULL : cloud->key_of(cloud->vendor, words, len);
    if (key != NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): %s%s"), method, key, words + len);
    }
    #else
    (void)cloud;
    #endif
    result_raise(method, status);
}

MP_NORETURN void result_raise_no_service(const device_obj_t *self, const char *method) {
    if (!ALIYUN_IOT_HAS_OTHERS || !self->has_services) {
        mp_raise_msg_varg(&mp_type_NotImplementedError, MP_ERROR_TEXT("%s(): connect() was called with 'services': False"), method);
    }
    mp_raise_msg_varg(&mp_type_NotImplementedError, MP_ERROR_TEXT("%s(): cloud '%s' does not have this service"), method,
        self->cloud->name);
}

static mp_obj_t outcome(device_obj_t *self, const char *method, int32_t status) {
    if (status >= 0) {
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    switch (status) {
        case ALIYUN_IOT_STATUS_NOT_CONNECTED:
        case ALIYUN_IOT_STATUS_FULL:
        case ALIYUN_IOT_STATUS_TOO_LARGE:
        case ALIYUN_IOT_STATUS_GIVEN_UP:
            return MP_OBJ_NEW_SMALL_INT(status);
        case ALIYUN_IOT_STATUS_NO_SERVICE:
            result_raise_no_service(self, method);
        case ALIYUN_IOT_STATUS_JSON:
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): 'params' is not a JSON object: see byte %u"), method,
                (unsigned)core_error(&self->core).offset);
        case ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH:
        case ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS:
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): %s, not %u"), method, aliyun_iot_status_text(status),
                (unsigned)core_error(&self->core).actual);
        default:
            result_raise(method, status);
    }
}

mp_obj_t result_queued(device_obj_t *self, const char *method, int32_t status) {
    mp_obj_t result = outcome(self, method, status);
    if (status >= 0) {
        drive_send(&self->drive);
        // On a session that is careful the core wants to be polled soon after what was sent.
        if (drive_wants_write(&self->drive) || pump_due_in(&self->pump) <= DUE_SOON_MS) {
            pump_arm(&self->pump);
        }
    }
    return result;
}

mp_obj_t result_posted(device_obj_t *self, const char *method, int32_t status, reply_t *reply) {
    if (reply != NULL) {
        runtime_settle(reply);
    }
    mp_obj_t result = result_queued(self, method, status);
    if (reply != NULL) {
        pump_arm(&self->pump);
    }
    return result;
}
