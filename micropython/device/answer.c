// What does an answer of a script say, and can it be sent?

#include "base/args.h"
#include "device/answer.h"

// Smaller numbers are what methods return.
#define CODE_MIN (100)
#define CODE_MAX (0x3fffffff)

// `method` is NULL for what a callback has returned.
static aliyun_iot_bytes data_of(mp_obj_t data, const char *method, bool is_raw) {
    if (data == mp_const_none) {
        return (aliyun_iot_bytes) { NULL, 0 };
    }
    if (is_raw && !mp_obj_is_dict_or_ordereddict(data)) {
        return arg_data(data, "data");
    }
    return arg_json(data, method, "data");
}

static mp_int_t code_of(mp_obj_t code) {
    return arg_int(code, "code", CODE_MIN, CODE_MAX);
}

bool answer_is_one(mp_obj_t returned) {
    return returned != mp_const_none && !(mp_obj_is_small_int(returned) && MP_OBJ_SMALL_INT_VALUE(returned) < CODE_MIN);
}

answer_t answer_returned(mp_obj_t returned, bool is_raw) {
    answer_t answer = { ANSWER_OK, { NULL, 0 } };
    if (mp_obj_is_int(returned)) {
        answer.code = code_of(returned);
    } else if (mp_obj_is_type(returned, &mp_type_tuple)) {
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(returned, 2, &items);
        answer.code = code_of(items[0]);
        answer.data = data_of(items[1], NULL, is_raw);
    } else {
        answer.data = data_of(returned, NULL, is_raw);
    }
    return answer;
}

mp_int_t answer_code(mp_obj_t code) {
    return code == MP_OBJ_NULL ? ANSWER_OK : code_of(code);
}

aliyun_iot_bytes answer_data(mp_obj_t data, bool is_raw) {
    return data_of(data, "reply", is_raw);
}

static MP_NORETURN void refuse(const char *method, const char *words, unsigned at) {
    vstr_t text;
    vstr_init(&text, 64);
    if (method != NULL) {
        vstr_printf(&text, "%s(): ", method);
    }
    vstr_add_str(&text, words);
    if (at != UINT32_MAX) {
        vstr_printf(&text, "%u", at);
    }
    mp_obj_t message = mp_obj_new_str_from_vstr(&text);
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s"), mp_obj_str_get_str(message));
}

void answer_check_json(const core_t *core, const char *method, int32_t status) {
    if (status == ALIYUN_IOT_STATUS_JSON) {
        refuse(method, "'data' is not JSON: see byte ", core_error(core).offset);
    }
}

void answer_check(const core_t *core, const char *method, int32_t status) {
    answer_check_json(core, method, status);
    if (status < 0 && status != ALIYUN_IOT_STATUS_NOT_CONNECTED && status != ALIYUN_IOT_STATUS_NO_REQUEST) {
        refuse(method, aliyun_iot_status_text(status), UINT32_MAX);
    }
}
