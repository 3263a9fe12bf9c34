// The callbacks that a script has given to `on`: which one is called for an event or an error?
#ifndef ALIYUN_IOT_DEVICE_CALLS_H
#define ALIYUN_IOT_DEVICE_CALLS_H

#include "device/object.h"

// The name of an event, `ON_…`.
const char *event_name(int event);
// Whether a callback is set for this event.
bool event_is_wanted(const device_obj_t *self, int event);
// Whether the script has called `on` for this event, be it with None.
bool event_is_settled(const device_obj_t *self, int event);
// Calls the callback of an event, which the caller has looked up once: another thread may remove it meanwhile.
void event_call(device_obj_t *self, int event, mp_obj_t callback, mp_obj_t data);
// Calls the callback of an event, if there is one, with `{code, msg}`; `message` may be MP_OBJ_NULL.
void event_call_code(device_obj_t *self, int event, int code, mp_obj_t message);

// ---- Errors ----

// Whether it is of use to put an error into words: ON_ERROR or the console shows it.
bool error_is_wanted(const device_obj_t *self);
// Reports an error to ON_ERROR, or on the console of a script that has not called `on` for it.
void error_report(device_obj_t *self, int code, mp_obj_t message);
void error_report_text(device_obj_t *self, int code, const char *text);
// Reports that a message was dropped which needs a receive buffer of so many bytes.
void error_report_dropped(device_obj_t *self, uint32_t needed);
// What ended a session or an attempt on this link, as a code of ON_ERROR and in words: those of the link, where it has any.
int error_code_of(const device_obj_t *self, aliyun_iot_link_id link, aliyun_iot_loss loss);
mp_obj_t error_words_of(device_obj_t *self, aliyun_iot_link_id link, aliyun_iot_loss loss);

#endif
