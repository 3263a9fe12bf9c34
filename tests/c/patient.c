// A login for programs under valgrind, put before aliyun_iot_connect_aliyun by the linker's --wrap: a TLS handshake takes
// seconds there, and more on a busy machine.
#include "aliyun_iot.h"

#define PATIENCE_S (120)

aliyun_iot_status __real_aliyun_iot_connect_aliyun(aliyun_iot_device *device, const aliyun_iot_aliyun_login *login,
    const aliyun_iot_options *options, uint32_t now_ms);
aliyun_iot_status __wrap_aliyun_iot_connect_aliyun(aliyun_iot_device *device, const aliyun_iot_aliyun_login *login,
    const aliyun_iot_options *options, uint32_t now_ms);

aliyun_iot_status __wrap_aliyun_iot_connect_aliyun(aliyun_iot_device *device, const aliyun_iot_aliyun_login *login,
    const aliyun_iot_options *options, uint32_t now_ms) {
    aliyun_iot_options patient = { 0 };
    if (options != NULL) {
        patient = *options;
    }
    patient.connect_timeout = PATIENCE_S;
    return __real_aliyun_iot_connect_aliyun(device, login, &patient, now_ms);
}
