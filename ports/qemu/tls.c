// What mbedTLS asks of a board: entropy and the time. Both come from the host of the emulator.

#include "board.h"
#include "py/mpconfig.h"
#include "mbedtls/build_info.h"
#include "mbedtls/entropy.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/platform_util.h"
#include "shared/timeutils/timeutils.h"

int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len, size_t *olen) {
    (void)data;
    *olen = 0;
    if (!host_entropy(output, len)) {
        return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
    }
    *olen = len;
    return 0;
}

time_t tls_seconds(time_t *seconds) {
    time_t now = clock_seconds();
    if (seconds != NULL) {
        *seconds = now;
    }
    return now;
}

mbedtls_ms_time_t mbedtls_ms_time(void) {
    return clock_us() / 1000;
}

struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *seconds, struct tm *out) {
    timeutils_struct_time_t tm;
    timeutils_seconds_since_epoch_to_struct_time(*seconds, &tm);
    *out = (struct tm) {
        .tm_year = tm.tm_year - 1900, .tm_mon = tm.tm_mon - 1, .tm_mday = tm.tm_mday,
        .tm_hour = tm.tm_hour, .tm_min = tm.tm_min, .tm_sec = tm.tm_sec,
        .tm_wday = (tm.tm_wday + 1) % 7, .tm_yday = tm.tm_yday - 1,
    };
    return out;
}
