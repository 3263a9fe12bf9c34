// The methods of services that a native module leaves out: they say so.

#include "device/api.h"
#include "device/results.h"

#define LEFT_OUT_2(method) \
    mp_obj_t device_##method(mp_obj_t self_in, mp_obj_t first) { \
        (void)self_in; \
        (void)first; \
        result_raise(#method, ALIYUN_IOT_STATUS_LEFT_OUT); \
    }
#define LEFT_OUT_3(method) \
    mp_obj_t device_##method(mp_obj_t self_in, mp_obj_t first, mp_obj_t second) { \
        (void)self_in; \
        (void)first; \
        (void)second; \
        result_raise(#method, ALIYUN_IOT_STATUS_LEFT_OUT); \
    }
#define LEFT_OUT_VAR(method) \
    mp_obj_t device_##method(size_t n_args, const mp_obj_t *args) { \
        (void)n_args; \
        (void)args; \
        result_raise(#method, ALIYUN_IOT_STATUS_LEFT_OUT); \
    }

#if ALIYUN_IOT_WITHOUT_call
LEFT_OUT_2(onProps)
LEFT_OUT_2(onService)
LEFT_OUT_VAR(reply)
#endif
#if ALIYUN_IOT_WITHOUT_raw
LEFT_OUT_VAR(postRaw)
#endif
#if ALIYUN_IOT_WITHOUT_ntp
LEFT_OUT_2(getNtpTime)
mp_obj_t device_setClock(mp_obj_t self_in) {
    (void)self_in;
    result_raise("setClock", ALIYUN_IOT_STATUS_LEFT_OUT);
}
#endif
#if ALIYUN_IOT_WITHOUT_upload
LEFT_OUT_VAR(uploadFile)
LEFT_OUT_VAR(uploadContent)
#endif
#if ALIYUN_IOT_WITHOUT_desired
LEFT_OUT_3(getDesired)
LEFT_OUT_VAR(deleteDesired)
LEFT_OUT_3(onDesired)
#endif
#if ALIYUN_IOT_WITHOUT_register
LEFT_OUT_3(register)
#endif
