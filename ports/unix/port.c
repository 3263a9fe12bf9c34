// What the unix port provides beside its wake-ups (wake.c): a clock, random numbers, and what the environment says.

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/port.h"

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint32_t port_ticks_ms(void) {
    return (uint32_t)now_ms();
}

uint32_t port_random(void) {
    uint32_t random = 0;
    if (getrandom(&random, sizeof(random), 0) != sizeof(random)) {
        random = (uint32_t)now_ms() ^ (uint32_t)getpid();
    }
    return random;
}

const char *port_endpoint(bool https) {
    const char *endpoint = getenv(https ? "ALIYUN_IOT_HTTPS_ENDPOINT" : "ALIYUN_IOT_ENDPOINT");
    return endpoint != NULL && *endpoint != '\0' ? endpoint : NULL;
}

const char *port_roots_file(void) {
    const char *path = getenv("SSL_CERT_FILE");
    return path != NULL && *path != '\0' && access(path, R_OK) == 0 ? path : NULL;
}

const char *port_store(void) {
    const char *given = getenv("ALIYUN_IOT_STORE");
    if (given != NULL && *given != '\0') {
        return given;
    }
    return mp_obj_str_get_str(port_store_in_home(getenv("HOME")));
}
