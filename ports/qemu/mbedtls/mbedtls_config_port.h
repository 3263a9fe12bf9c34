// mbedTLS as MicroPython configures it for boards; certificates are checked against the clock.
#ifndef ALIYUN_IOT_QEMU_MBEDTLS_CONFIG_H
#define ALIYUN_IOT_QEMU_MBEDTLS_CONFIG_H

#include <time.h>

#define MBEDTLS_ECP_NIST_OPTIM

time_t tls_seconds(time_t *seconds);
#define MBEDTLS_PLATFORM_TIME_MACRO tls_seconds
#define MBEDTLS_PLATFORM_MS_TIME_ALT
#define MBEDTLS_PLATFORM_GMTIME_R_ALT

#define MICROPY_MBEDTLS_CONFIG_BARE_METAL (1)
#include "extmod/mbedtls/mbedtls_config_common.h"

#endif
