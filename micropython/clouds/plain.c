// Any MQTT 3.1.1 broker.

#include "base/port.h"
#include "clouds/login.h"
#include "clouds/plain.h"

#if !ALIYUN_IOT_WITHOUT_plain

void plain_fill(login_t *login, uint32_t vendor) {
    (void)vendor;
    const connect_args_t *args = login->args;
    aliyun_iot_plain_login *it = &login->as.plain;
    *it = (aliyun_iot_plain_login) {
        .server = LOGIN_SERVER(*args),
        .client_id = args->clientId,
        .user_name = args->userName,
        .password = args->password,
    };
    login->server = &it->server;
    login->device = args->clientId;
}

int32_t plain_connect(const core_t *core, const login_t *login, const aliyun_iot_options *options) {
    return aliyun_iot_connect_plain(core->device, &login->as.plain, options, port_ticks_ms());
}

#endif
