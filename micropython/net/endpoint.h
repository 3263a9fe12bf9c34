// Another server in the place of every other, for development.
#ifndef ALIYUN_IOT_NET_ENDPOINT_H
#define ALIYUN_IOT_NET_ENDPOINT_H

#include "base/runtime.h"

// Raises ValueError if a host has a port, a scheme or a path in it.
void endpoint_check_host(const char *method, aliyun_iot_bytes host);
// Points to the server that the port puts in the place of all others, if it does.
void endpoint_redirect(bool https, aliyun_iot_bytes *host, uint16_t *port);

#endif
