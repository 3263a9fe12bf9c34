// A network for tests, put before send(), recv() and mbedTLS by the linker's --wrap: it moves seven bytes at a time, and
// every other time it says "not now".
#include <errno.h>
#include <mbedtls/ssl.h>
#include <stdbool.h>
#include <sys/socket.h>

#define MOST (7)

ssize_t __real_send(int fd, const void *data, size_t len, int flags);
ssize_t __real_recv(int fd, void *data, size_t room, int flags);
int __real_mbedtls_ssl_write(mbedtls_ssl_context *session, const unsigned char *data, size_t len);
int __real_mbedtls_ssl_read(mbedtls_ssl_context *session, unsigned char *data, size_t room);
ssize_t __wrap_send(int fd, const void *data, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t room, int flags);
int __wrap_mbedtls_ssl_write(mbedtls_ssl_context *session, const unsigned char *data, size_t len);
int __wrap_mbedtls_ssl_read(mbedtls_ssl_context *session, unsigned char *data, size_t room);

// Each layer counts for itself, or they would go in step and nothing would ever pass.
static bool not_now(unsigned *count) {
    return (*count)++ % 2 == 0;
}

static size_t least(size_t len) {
    return len < MOST ? len : MOST;
}

ssize_t __wrap_send(int fd, const void *data, size_t len, int flags) {
    static unsigned count;
    if (not_now(&count)) {
        errno = EAGAIN;
        return -1;
    }
    return __real_send(fd, data, least(len), flags);
}

ssize_t __wrap_recv(int fd, void *data, size_t room, int flags) {
    static unsigned count;
    if (not_now(&count)) {
        errno = EINTR;
        return -1;
    }
    return __real_recv(fd, data, least(room), flags);
}

int __wrap_mbedtls_ssl_write(mbedtls_ssl_context *session, const unsigned char *data, size_t len) {
    static unsigned count;
    return not_now(&count) ? MBEDTLS_ERR_SSL_WANT_WRITE : __real_mbedtls_ssl_write(session, data, least(len));
}

int __wrap_mbedtls_ssl_read(mbedtls_ssl_context *session, unsigned char *data, size_t room) {
    return __real_mbedtls_ssl_read(session, data, least(room));
}
