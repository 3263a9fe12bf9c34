// The sockets of the platform, for the files of this port; programs need not include it. Include it after everything
// else: lwIP may define `read`, `close` and the like as macros, and no other header expects that.
//
// With BSD_PORT_LWIP, which is 1 where there is lwIP and no <sys/socket.h>, they are lwIP's own functions by the names
// that they have with every setting (lwip_send and so on).
#ifndef ALIYUN_IOT_BSD_SOCKETS_H
#define ALIYUN_IOT_BSD_SOCKETS_H

#if !defined(BSD_PORT_LWIP) && defined(__has_include)
#if !__has_include(<sys/socket.h>) && __has_include("lwip/sockets.h")
#define BSD_PORT_LWIP 1
#endif
#endif

#if BSD_PORT_LWIP

#include "lwip/opt.h"

#include "lwip/netdb.h"
#include "lwip/sockets.h"
#include "lwip/sys.h"

#if !LWIP_SOCKET || !LWIP_DNS || !LWIP_TCP
#error "The port over BSD sockets needs LWIP_SOCKET, LWIP_DNS and LWIP_TCP set to 1 in lwipopts.h"
#endif
#if !defined(LWIP_SOCKET_POLL) || !LWIP_SOCKET_POLL
#define BSD_PORT_SELECT 1
#if defined(LWIP_SOCKET_SELECT) && !LWIP_SOCKET_SELECT
#error "The port over BSD sockets needs LWIP_SOCKET_POLL or LWIP_SOCKET_SELECT set to 1 in lwipopts.h"
#endif
#endif
#define BSD_SOCKETS(name) lwip_##name

#else

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#if defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#endif
#endif
#if defined(__ZEPHYR__)
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>
#endif

#define BSD_SOCKETS(name) name

#endif

// Where there is no such flag, a socket that the peer has closed raises no signal either, or has an option for that.
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL (0)
#endif

// Whether a call is to be tried again later.
static inline int bsd_is_transient(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static inline void bsd_do_not_block(int fd) {
#if BSD_PORT_LWIP
    // Not by O_NONBLOCK, of which the C library may have another one than lwIP.
    int on = 1;
    BSD_SOCKETS(ioctl)(fd, (long)FIONBIO, &on);
#else
    fcntl(fd, F_SETFL, O_NONBLOCK);
#endif
}

// Words for an error of a socket. lwIP's numbers may be others than those of the C library, whose words would be wrong.
#if BSD_PORT_LWIP
static inline const char *bsd_error_words(int error) {
    switch (error) {
        case ECONNREFUSED:
            return "Connection refused";
        case ECONNRESET:
            return "Connection reset by peer";
        case ECONNABORTED:
            return "Connection aborted";
        case ETIMEDOUT:
            return "Connection timed out";
        case EHOSTUNREACH:
        case ENETUNREACH:
            return "No route to host";
        case ENOTCONN:
            return "Not connected";
        case ENOMEM:
        case ENOBUFS:
            return "lwIP is out of memory";
        case ENFILE:
            return "lwIP is out of sockets (MEMP_NUM_NETCONN)";
        default:
            return "the socket failed";
    }
}
#else
#include <string.h>
#define bsd_error_words(error) strerror(error)
#endif

#endif
