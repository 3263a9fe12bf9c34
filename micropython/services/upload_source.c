// What an upload reads: files of the firmware, files in Python, buffers.

#include <string.h>

#include "services/upload_source.h"

// What is read at a time for the sum, and after how much of it others get their turn.
#define CHUNK (256)
#define TURN (32 * 1024)

// Whether the script's own class is behind a file, of a file system in Python say. Such code gets a buffer of its own, which
// it may keep: neither the stack nor the send buffer.
static bool is_in_python(mp_obj_t file) {
    return mp_obj_is_instance_type(mp_obj_get_type(file));
}

static MP_NORETURN void raise_wrong(const source_t *self, const char *what) {
    mp_raise_msg_varg(&mp_type_OSError, MP_ERROR_TEXT("%s(): the file's %s"), self->method, what);
}

// What no upload may have is enough to know.
static uint32_t bounded(mp_uint_t position) {
    return position > UPLOAD_SIZE_MAX ? UPLOAD_SIZE_MAX + 1 : (uint32_t)position;
}

static uint32_t file_seek(const source_t *self, mp_off_t offset, int whence) {
    mp_obj_t file = self->object;
    mp_obj_t seek[2 + 2] = { MP_OBJ_NULL, MP_OBJ_NULL };
    if (is_in_python(file)) {
        mp_load_method_maybe(file, MP_QSTR_seek, seek);
    }
    if (seek[0] != MP_OBJ_NULL) {
        seek[2] = mp_obj_new_int_from_uint(offset);
        seek[3] = MP_OBJ_NEW_SMALL_INT(whence);
        mp_obj_t position = mp_call_method_n_kw(2, 0, seek);
        if (!mp_obj_is_small_int(position) || MP_OBJ_SMALL_INT_VALUE(position) < 0) {
            raise_wrong(self, "seek() returns no position");
        }
        return bounded(MP_OBJ_SMALL_INT_VALUE(position));
    }
    // Code in Python gets the address of this.
    struct mp_stream_seek_t *request = m_new(struct mp_stream_seek_t, 1);
    request->offset = offset;
    request->whence = whence;
    int error = 0;
    const mp_stream_p_t *stream = mp_get_stream_raise(file, MP_STREAM_OP_READ | MP_STREAM_OP_IOCTL);
    if (stream->ioctl(file, MP_STREAM_SEEK, (uintptr_t)request, &error) == MP_STREAM_ERROR) {
        mp_raise_OSError(error);
    }
    uint32_t position = bounded(request->offset);
    m_del(struct mp_stream_seek_t, request, 1);
    return position;
}

static MP_NORETURN void raise_shorter(const source_t *self) {
    mp_raise_msg_varg(&mp_type_OSError, MP_ERROR_TEXT("%s(): the source became shorter while it was sent"), self->method);
}

// Reads at most so many bytes by a method in Python, and copies them.
static mp_uint_t read_in_python(const source_t *self, byte *to, size_t length) {
    byte *bytes = m_new_maybe(byte, length);
    if (bytes == NULL) {
        length = length < CHUNK ? length : CHUNK;
        bytes = m_new(byte, length);
    }
    memset(bytes, 0, length);
    mp_obj_t buffer = mp_obj_new_bytearray_by_ref(length, bytes);
    mp_obj_t returned = runtime_call(self->object, MP_QSTR_readinto, 1, &buffer);
    // It may have made the buffer another one.
    mp_buffer_info_t filled;
    mp_get_buffer_raise(buffer, &filled, MP_BUFFER_READ);
    if (!mp_obj_is_small_int(returned) || MP_OBJ_SMALL_INT_VALUE(returned) < 0) {
        raise_wrong(self, "readinto() returns no number of bytes");
    }
    mp_uint_t count = MP_OBJ_SMALL_INT_VALUE(returned);
    if (count > length || count > filled.len) {
        raise_wrong(self, "readinto() returns more than it was asked for");
    }
    memcpy(to, filled.buf, count);
    return count;
}

void source_read(source_t *self, uint32_t offset, byte *to, size_t length) {
    if (!self->is_file) {
        mp_buffer_info_t buffer;
        mp_get_buffer_raise(self->object, &buffer, MP_BUFFER_READ);
        if (buffer.len < offset + length) {
            raise_shorter(self);
        }
        memcpy(to, (const byte *)buffer.buf + offset, length);
        return;
    }
    if (self->position != offset) {
        self->position = file_seek(self, offset, MP_SEEK_SET);
    }
    bool in_python = is_in_python(self->object);
    const mp_stream_p_t *stream = in_python ? NULL : mp_get_stream_raise(self->object, MP_STREAM_OP_READ);
    while (length > 0) {
        int error = 0;
        mp_uint_t count = in_python ? read_in_python(self, to, length) : stream->read(self->object, to, length, &error);
        if (count == MP_STREAM_ERROR) {
            mp_raise_OSError(error);
        }
        if (count == 0) {
            raise_shorter(self);
        }
        if (count > length) {
            raise_wrong(self, "readinto() returns more than it was asked for");
        }
        self->position += count;
        to += count;
        length -= count;
    }
}

uint64_t source_crc64(source_t *self) {
    uint64_t crc64 = 0;
    byte *chunk = m_new(byte, CHUNK);
    for (uint32_t offset = 0; offset < self->size;) {
        if (offset > 0 && offset % TURN == 0) {
            mp_hal_delay_ms(1);
        }
        uint32_t left = self->size - offset, count = left < CHUNK ? left : CHUNK;
        source_read(self, offset, chunk, count);
        crc64 = aliyun_iot_crc64(crc64, (aliyun_iot_bytes) { chunk, count });
        offset += count;
    }
    m_del(byte, chunk, CHUNK);
    return crc64;
}

void source_measure(source_t *self) {
    self->size = self->position = file_seek(self, 0, MP_SEEK_END);
}
