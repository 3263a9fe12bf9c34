// What the emulated board lends to the binding, beside the wake-ups and the clock that all lwIP ports share
// (ports/lwip/wake.c). As on the unix port, the environment can name another server and more trust roots.

#include "board.h"
#include "port.h"

uint32_t port_random(void) {
    return host_random();
}

static const char *unless_empty(const char *value) {
    return value != NULL && *value != '\0' ? value : NULL;
}

const char *port_endpoint(void) {
    return unless_empty(environment_get("ALIYUN_IOT_ENDPOINT"));
}

const char *port_roots_file(void) {
    return unless_empty(environment_get("SSL_CERT_FILE"));
}
