// What an answer of a script says.
#ifndef ALIYUN_IOT_DEVICE_ANSWER_H
#define ALIYUN_IOT_DEVICE_ANSWER_H

#include "base/core.h"

// Codes of answers (help.aliyun.com document 89309).
#define ANSWER_OK (200)
#define ANSWER_TOO_MANY (429)
#define ANSWER_FAILED (500)

typedef struct {
    mp_int_t code;
    aliyun_iot_bytes data;
} answer_t;

// Whether a callback has returned an answer: not None, nor a small number, which is what methods return and often the last
// thing that a callback does.
bool answer_is_one(mp_obj_t returned);
// That answer. Raises ValueError or TypeError if it cannot be sent.
answer_t answer_returned(mp_obj_t returned, bool is_raw);
// The code and the data that the method `reply` is called with: MP_OBJ_NULL and None for those that are not given. Raises the
// same.
mp_int_t answer_code(mp_obj_t code);
aliyun_iot_bytes answer_data(mp_obj_t data, bool is_raw);
// Raises ValueError if the core has refused the data for what it is. `method` is NULL for what a callback has returned.
void answer_check_json(const core_t *core, const char *method, int32_t status);
// Raises ValueError if the core has refused the answer. If the platform does not wait for it any more, that is no error.
void answer_check(const core_t *core, const char *method, int32_t status);

#endif
