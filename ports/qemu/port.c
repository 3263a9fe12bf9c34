// What the emulated board lends to the binding beside what all boards with lwIP do (ports/lwip): as on the unix port, the
// environment can name another server and more trust roots.

#include "board.h"
#include "base/port.h"

static const char *unless_empty(const char *value) {
    return value != NULL && *value != '\0' ? value : NULL;
}

const char *port_endpoint(bool https) {
    return unless_empty(environment_get(https ? "ALIYUN_IOT_HTTPS_ENDPOINT" : "ALIYUN_IOT_ENDPOINT"));
}

const char *port_roots_file(void) {
    return unless_empty(environment_get("SSL_CERT_FILE"));
}
