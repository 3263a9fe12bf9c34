// A value of the script as JSON.
#ifndef ALIYUN_IOT_BASE_JSON_H
#define ALIYUN_IOT_BASE_JSON_H

#include "base/runtime.h"

// The JSON of a dict or a list, a str. Raises ValueError if it holds what JSON does not have: the error names the argument
// `key`, and the method unless it is NULL.
mp_obj_t json_of(mp_obj_t value, const char *method, const char *key);

#endif
