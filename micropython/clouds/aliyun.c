// Alibaba Cloud IoT Platform.

#include "base/port.h"
#include "clouds/aliyun.h"
#include "clouds/login.h"
#include "store/identity.h"

void aliyun_fill(login_t *login, uint32_t vendor) {
    (void)vendor;
    const connect_args_t *args = login->args;
    aliyun_iot_aliyun_login *it = &login->as.aliyun;
    *it = (aliyun_iot_aliyun_login) { .identity = LOGIN_IDENTITY(*args), .server = LOGIN_SERVER(*args) };
    login->server = &it->server;
    login->region = LOGIN_REGION(*args);
    login->product = args->productKey;
    login->device = args->deviceName;
    login->secret = args->deviceSecret;
    it->client_id = args->clientId;
    it->device_token = args->deviceToken;
    if (login->secret.data == NULL && it->device_token.data == NULL) {
        // What a registration has stored.
        identity_t stored = identity_find(NULL, args->productKey, args->deviceName);
        login->lacks_secret = stored.secret == MP_OBJ_NULL;
        login->secret = arg_text(stored.secret, "deviceSecret");
        aliyun_iot_bytes with_token = arg_text(stored.other, "clientId");
        if (with_token.data != NULL) {
            it->client_id = with_token;
            it->device_token = login->secret;
        }
        login->stored[0] = stored.secret;
        login->stored[1] = stored.other;
    }
    it->device_secret = login->secret;
}

int32_t aliyun_connect(const core_t *core, const login_t *login, const aliyun_iot_options *options) {
    return aliyun_iot_connect_aliyun(core->device, &login->as.aliyun, options, port_ticks_ms());
}
