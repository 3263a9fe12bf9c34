// Another server in the place of every other, for development: `host:port`, if the port names one.

#include <string.h>

#include "base/port.h"
#include "net/endpoint.h"

void endpoint_check_host(const char *method, aliyun_iot_bytes host) {
    size_t colons = 0;
    bool scheme = false, other = false;
    for (size_t i = 0; i < host.len; i++) {
        uint8_t letter = host.data[i];
        colons += letter == ':';
        scheme = scheme || (letter == '/' && i >= 2 && host.data[i - 1] == '/' && host.data[i - 2] == ':');
        other = other || letter == '/' || letter == '@' || letter == '[' || letter == ']' || letter <= ' ';
    }
    // An address of IPv6 has two colons at least.
    const char *but = scheme ? ", without scheme:// and path; there are 'port' and 'tls'"
        : colons == 1 ? "; use 'port' for the port"
        : other ? ", without brackets, path and spaces; use 'port' for the port"
        : NULL;
    if (but != NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s(): host must be a name or an address alone%s"), method, but);
    }
}

void endpoint_redirect(bool https, aliyun_iot_bytes *host, uint16_t *port) {
    const char *endpoint = port_endpoint(https);
    if (endpoint == NULL) {
        return;
    }
    // The last one. (Firmware has no strrchr.)
    const char *colon = endpoint + strlen(endpoint);
    while (colon > endpoint && *colon != ':') {
        colon--;
    }
    unsigned long number = 0;
    for (const char *digit = *colon == ':' ? colon + 1 : ""; *digit >= '0' && *digit <= '9' && number < 65536; digit++) {
        number = number * 10 + (*digit - '0');
    }
    if (colon == endpoint || number == 0 || number > 65535) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s must be host:port"), https ? "ALIYUN_IOT_HTTPS_ENDPOINT" : "ALIYUN_IOT_ENDPOINT");
    }
    *host = (aliyun_iot_bytes) { (const uint8_t *)endpoint, colon - endpoint };
    *port = number;
}
