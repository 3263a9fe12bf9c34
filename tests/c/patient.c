// A login for programs under valgrind, put before aliyun_iot_connect by the linker's --wrap: there a handshake of TLS takes
// seconds, more on a busy machine, and is not to be given up for that.
#include "aliyun_iot.h"

#define PATIENCE_S (120)

aliyun_iot_status __real_aliyun_iot_connect(
    aliyun_iot_device *device, const aliyun_iot_credentials *credentials, uint32_t now_ms);
aliyun_iot_status __wrap_aliyun_iot_connect(
    aliyun_iot_device *device, const aliyun_iot_credentials *credentials, uint32_t now_ms);

aliyun_iot_status __wrap_aliyun_iot_connect(
    aliyun_iot_device *device, const aliyun_iot_credentials *credentials, uint32_t now_ms) {
    aliyun_iot_credentials patient = *credentials;
    patient.connect_timeout = PATIENCE_S;
    return __real_aliyun_iot_connect(device, &patient, now_ms);
}
