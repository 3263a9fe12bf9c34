// A dict of the script as JSON.
#ifndef ALIYUN_IOT_BASE_JSON_H
#define ALIYUN_IOT_BASE_JSON_H

#include "base/runtime.h"

// The JSON of a dict, a str. Raises ValueError if the dict holds what JSON does not have: the error names the argument
// `key`, and the method unless it is NULL.
mp_obj_t json_from_dict(mp_obj_t dict, const char *method, const char *key);

#endif
