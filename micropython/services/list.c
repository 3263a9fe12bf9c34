// The services, one line each. They close in this order.

#include "device/service.h"

// A native module can leave some out (`cargo xtask natmod <arch> --without <feature>`): services/left_out.c has their methods.
#if ALIYUN_IOT_WITHOUT_call
#define CALL(X)
#else
#define CALL(X) X(call)
#endif
#if ALIYUN_IOT_WITHOUT_raw
#define RAW(X)
#else
#define RAW(X) X(raw)
#endif
#if ALIYUN_IOT_WITHOUT_ntp
#define NTP(X)
#else
#define NTP(X) X(ntp)
#endif
#if ALIYUN_IOT_WITHOUT_upload
#define UPLOAD(X)
#else
#define UPLOAD(X) X(upload)
#endif
#if ALIYUN_IOT_WITHOUT_desired
#define DESIRED(X)
#else
#define DESIRED(X) X(desired)
#endif
#if ALIYUN_IOT_WITHOUT_register
#define REGISTER(X)
#else
#define REGISTER(X) X(register)
#endif

#define SERVICES(X) \
    X(model) \
    CALL(X) \
    RAW(X) \
    NTP(X) \
    UPLOAD(X) \
    DESIRED(X) \
    REGISTER(X) \

#define DECLARE(name) extern const service_t name##_service;
#define ENTRY(name) &name##_service,

SERVICES(DECLARE)

const service_t *const services_list[] = { SERVICES(ENTRY) NULL };
