// The link, over what the firmware has: its `socket` and `tls` modules, used through their Python interfaces to open a
// connection and through the stream protocol to read and write, which allocates nothing. When does it open and close?

#include "base/port.h"
#include "net/link.h"

// As BSD-like systems number them, where the module `socket` does not: lwIP's differs.
#define OPTION_LEVEL_TCP (6)
#define OPTION_TCP_NODELAY (1)
static bool would_block(int error) {
    return error == MP_EAGAIN || error == MP_EWOULDBLOCK || error == MP_EINPROGRESS || error == MP_EALREADY;
}

// The link is gone. `exception` is what Python code raised, or MP_OBJ_NULL if only `error` is known; 0 is the end of
// the stream.
static void lost(link_t *link, const char *before, mp_obj_t exception, int error) {
    loss_of_t of = LOSS_OF_TCP;
    if (link->tls && link->stage >= STAGE_HANDSHAKE) {
        of = link->stage > STAGE_HANDSHAKE ? LOSS_OF_TLS : tls_proves(&link->trust) ? LOSS_OF_PROOF : LOSS_OF_HANDSHAKE;
    }
    error = loss_describe(&link->loss, of, before, exception, error);
    uint16_t attempt = link->attempt;
    link_close(link);
    CORE_LOCKED(link->core, aliyun_iot_link_lost(link->core->device, link->id, attempt, error, port_ticks_ms()));
    if (loss_is_interrupt(exception)) {
        // It was for the main program.
        mp_sched_keyboard_interrupt();
    }
}

// ---- Opening and closing ----

// Closes a stream, whatever it says to that.
static void close_stream(mp_obj_t stream) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_call(stream, MP_QSTR_close, 0, NULL);
        nlr_pop();
    }
}

// Starts to connect to the next address that the name has; false if there is none left.
static bool connect_next(link_t *link) {
    size_t count;
    mp_obj_t *addresses;
    mp_obj_get_array(link->addresses, &count, &addresses);
    if (link->next_address >= count) {
        return false;
    }
    mp_obj_t *address;
    mp_obj_get_array_fixed_n(addresses[link->next_address++], 5, &address);
    mp_obj_t module = runtime_import(MP_QSTR_socket);
    runtime_store(&link->socket, runtime_call(module, MP_QSTR_socket, 3, address));
    mp_get_stream_raise(link->socket, MP_STREAM_OP_READ | MP_STREAM_OP_WRITE | MP_STREAM_OP_IOCTL);
    mp_obj_t no = mp_const_false;
    runtime_call(link->socket, MP_QSTR_setblocking, 1, &no);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        // A packet is one write: nothing is gained by waiting for more. Not every firmware has the option.
        mp_obj_t nodelay[2];
        mp_load_method_maybe(module, MP_QSTR_TCP_NODELAY, nodelay);
        mp_obj_t option[3] = {
            MP_OBJ_NEW_SMALL_INT(OPTION_LEVEL_TCP),
            nodelay[0] == MP_OBJ_NULL ? MP_OBJ_NEW_SMALL_INT(OPTION_TCP_NODELAY) : nodelay[0],
            MP_OBJ_NEW_SMALL_INT(1),
        };
        runtime_call(link->socket, MP_QSTR_setsockopt, 3, option);
        nlr_pop();
    }
    mp_obj_t fileno[2];
    mp_load_method_maybe(link->socket, MP_QSTR_fileno, fileno);
    link->fd = fileno[0] == MP_OBJ_NULL ? -1 : mp_obj_get_int(mp_call_method_n_kw(0, 0, fileno));
    link->stream = link->socket;
    link->stage = STAGE_CONNECTING;
    if (nlr_push(&nlr) == 0) {
        runtime_call(link->socket, MP_QSTR_connect, 1, &address[4]);
        nlr_pop();
    } else if (!would_block(runtime_errno(MP_OBJ_FROM_PTR(nlr.ret_val)))) {
        nlr_jump(nlr.ret_val);
    }
    return true;
}

// Begins to connect to the next address. False if there is none left. `*exception` is the reason of a failure, else MP_OBJ_NULL.
// Not in line: the compiler does not know that nlr_push returns twice, and the caller goes on with its variables in a loop.
static MP_NOINLINE bool try_next(link_t *link, mp_obj_t *exception) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        bool begun = connect_next(link);
        nlr_pop();
        *exception = MP_OBJ_NULL;
        return begun;
    }
    *exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    return true;
}

// Goes on with the next address after a failure with the last one, which `exception` or `error` is the reason of. If there is none
// left, the link is lost.
static void connect_other(link_t *link, mp_obj_t exception, int error) {
    while (!loss_is_interrupt(exception)) {
        if (link->socket != MP_OBJ_NULL) {
            close_stream(link->socket);
            link->socket = link->stream = MP_OBJ_NULL;
        }
        mp_obj_t failure;
        if (!try_next(link, &failure)) {
            break;
        }
        if (failure == MP_OBJ_NULL) {
            return;
        }
        exception = failure;
        error = runtime_errno(exception);
    }
    lost(link, "no connection", exception, error);
}

static void open_link(link_t *link, const aliyun_iot_link *wanted) {
    link->attempt = wanted->attempt;
    link->tls = wanted->tls;
    link->blocked = false;
    link->next_address = 0;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t module = runtime_import(MP_QSTR_socket);
        // Any family, streams only.
        mp_obj_t query[4] = {
            runtime_text(wanted->host),
            MP_OBJ_NEW_SMALL_INT(wanted->port),
            MP_OBJ_NEW_SMALL_INT(0),
            mp_load_attr(module, MP_QSTR_SOCK_STREAM),
        };
        mp_obj_t found = runtime_call(module, MP_QSTR_getaddrinfo, 4, query);
        size_t count;
        mp_obj_t *addresses;
        mp_obj_get_array(found, &count, &addresses); // raises here, if it is no list
        runtime_store(&link->addresses, found);
        nlr_pop();
    } else {
        lost(link, "name not found", MP_OBJ_FROM_PTR(nlr.ret_val), runtime_errno(MP_OBJ_FROM_PTR(nlr.ret_val)));
        return;
    }
    connect_other(link, MP_OBJ_NULL, MP_ENOENT);
}

// Checks whether TCP is up, and if so reports that to the core: true then, since there is a CONNECT to be sent.
static bool finish_connect(link_t *link, const aliyun_iot_link *wanted) {
    int error = 0;
    mp_uint_t flags = mp_get_stream(link->socket)->ioctl(link->socket, MP_STREAM_POLL,
        MP_STREAM_POLL_WR | MP_STREAM_POLL_ERR | MP_STREAM_POLL_HUP, &error);
    if (flags & (MP_STREAM_POLL_ERR | MP_STREAM_POLL_HUP)) {
        // A read returns the reason.
        mp_get_stream(link->socket)->read(link->socket, &link->nothing, 1, &error);
        connect_other(link, MP_OBJ_NULL, error ? error : MP_ECONNREFUSED);
        return false;
    }
    if (!(flags & MP_STREAM_POLL_WR)) {
        return false;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        link->stage = link->tls ? STAGE_HANDSHAKE : STAGE_UP;
        if (link->tls) {
            mp_obj_t stream = tls_wrap(&link->trust, link->socket, wanted->host);
            mp_get_stream_raise(stream, MP_STREAM_OP_READ | MP_STREAM_OP_WRITE);
            runtime_store(&link->stream, stream);
        }
        nlr_pop();
    } else {
        lost(link, "TLS", MP_OBJ_FROM_PTR(nlr.ret_val), runtime_errno(MP_OBJ_FROM_PTR(nlr.ret_val)));
        return false;
    }
    if (link->id == ALIYUN_IOT_LINK_SESSION) {
        // A login is signed for its link, with the time on most clouds.
        core_set_clock(link->core);
    }
    CORE_LOCKED(link->core, aliyun_iot_link_up(link->core->device, link->id, link->attempt, port_ticks_ms()));
    return true;
}

void link_init(link_t *link, core_t *core, aliyun_iot_link_id id) {
    link->id = id;
    link->core = core;
    link->fd = -1;
}

bool link_follow(link_t *link) {
    aliyun_iot_link wanted;
    CORE_LOCKED(link->core, aliyun_iot_link_wanted(link->core->device, link->id, &wanted));
    if (link->stage != STAGE_CLOSED && (!wanted.open || wanted.attempt != link->attempt)) {
        link_close(link);
    }
    if (wanted.open && link->stage == STAGE_CLOSED) {
        open_link(link, &wanted);
    }
    return link->stage == STAGE_CONNECTING && finish_connect(link, &wanted);
}

void link_close(link_t *link) {
    mp_obj_t stream = link->stream, socket = link->socket;
    link->stage = STAGE_CLOSED;
    link->stream = link->socket = link->addresses = MP_OBJ_NULL;
    link->fd = -1;
    link->blocked = false;
    link->offered = 0;
    if (stream != MP_OBJ_NULL) {
        close_stream(stream);
    }
    // A TLS stream closes the socket under it, unless its handshake failed. To look whether the socket is open would not do:
    // its descriptor may be another thread's by now.
    if (link->detached && socket != MP_OBJ_NULL && socket != stream) {
        close_stream(socket);
    }
    link->detached = false;
}

// ---- Bytes ----

// Whether TLS, which has raised, has nothing to do with its socket any more. Ctrl-C may have passed through it: then it has.
static bool is_detached(const link_t *link) {
    int error = 0;
    mp_uint_t flags = mp_get_stream(link->stream)->ioctl(link->stream, MP_STREAM_POLL, MP_STREAM_POLL_RD, &error);
    return link->stream != link->socket && (flags == MP_STREAM_ERROR || flags & MP_STREAM_POLL_NVAL);
}

// One read or write that raises nothing. Returns as the stream protocol does, or -1 after a report to the core.
static mp_int_t transfer(link_t *link, bool write, byte *data, size_t len) {
    if (link->stage != STAGE_HANDSHAKE && link->stage != STAGE_UP) {
        return 0;
    }
    const mp_stream_p_t *stream = mp_get_stream(link->stream);
    int error = 0;
    mp_uint_t done = 0;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        done = write ? stream->write(link->stream, data, len, &error) : stream->read(link->stream, data, len, &error);
        nlr_pop();
    } else {
        link->detached = is_detached(link);
        lost(link, "connection lost", MP_OBJ_FROM_PTR(nlr.ret_val), runtime_errno(MP_OBJ_FROM_PTR(nlr.ret_val)));
        return -1;
    }
    if (done == MP_STREAM_ERROR) {
        if (would_block(error)) {
            return 0;
        }
        lost(link, "connection lost", MP_OBJ_NULL, error);
        return -1;
    }
    if (done > len) {
        // The script has put something of its own in the place of the firmware's sockets.
        lost(link, "connection lost: the socket has returned a wrong number", MP_OBJ_NULL, MP_EIO);
        return -1;
    }
    if (done == 0 && !write) {
        lost(link, "connection lost", MP_OBJ_NULL, 0);
        return -1;
    }
    return done;
}

bool link_read(link_t *link, bool again) {
    if (again && link->drained) {
        return false;
    }
    aliyun_iot_buffer space;
    bool any;
    CORE_LOCKED(link->core, any = aliyun_iot_space(link->core->device, link->id, &space));
    if (!any) {
        return false;
    }
    mp_int_t count = transfer(link, false, space.data, space.len);
    // A socket with a descriptor gives all it has, and the wake-up watches the descriptor for more. lwIP's gives one segment.
    link->drained = link->fd >= 0 && !link->tls && count > 0 && (size_t)count < space.len;
    if (count > 0) {
        CORE_LOCKED(link->core, aliyun_iot_received(link->core->device, link->id, count, port_ticks_ms()));
    }
    return count != 0;
}

mp_int_t link_write(link_t *link, const byte *data, size_t len) {
    // TLS that would have blocked has made a record already: it expects the same bytes again, and would count bytes as sent
    // that have been queued since.
    if (link->offered > 0 && link->offered < len) {
        len = link->offered;
    }
    mp_int_t count = transfer(link, true, (byte *)data, len);
    link->blocked = count == 0;
    link->offered = link->blocked && link->tls ? len : 0;
    if (count > 0) {
        link->stage = STAGE_UP;
    }
    return count;
}

bool link_wants_write(const link_t *link) {
    // What blocks a write during a TLS handshake is the server's silence: there is something to read first.
    return link->stage == STAGE_CONNECTING || (link->blocked && link->stage == STAGE_UP);
}
