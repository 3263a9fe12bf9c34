// Uploads. A method waits until the platform has the whole file; whoever pumps the device meanwhile moves the first
// upload on, block by block, straight from the file into the send buffer. Others wait their turn.

#include <string.h>

#include "device.h"
#include "args.h"

// What the send buffer has beside a block.
#define AROUND_A_BLOCK (640)
// Half of the send buffer, or less of a small one.
#ifndef ALIYUN_IOT_UPLOAD_BLOCK
#define ALIYUN_IOT_UPLOAD_BLOCK \
    ((ALIYUN_IOT_TX_SIZE) < 2 * AROUND_A_BLOCK ? (ALIYUN_IOT_TX_SIZE) - AROUND_A_BLOCK : (ALIYUN_IOT_TX_SIZE) / 2)
#endif
#define BLOCK (ALIYUN_IOT_UPLOAD_BLOCK)
// Each in a line, which is all of it that some C libraries have the compiler show.
_Static_assert(BLOCK >= 256 && BLOCK <= 131072, "ALIYUN_IOT_UPLOAD_BLOCK must be 256 to 131072");
_Static_assert(BLOCK + AROUND_A_BLOCK <= (ALIYUN_IOT_TX_SIZE), "ALIYUN_IOT_TX_SIZE must be 640 above ALIYUN_IOT_UPLOAD_BLOCK");

#define SIZE_MAX_UPLOAD (16 * 1024 * 1024)
// An upload that does not get on for so long is given up. The longest wait between two attempts at a connection is five
// minutes: there is time for one more.
#define PATIENCE_MS (360000)
// What is read at a time for the sum, and after how much of it others get their turn.
#define CHUNK (256)
#define TURN (32 * 1024)

static const struct {
    int32_t code;
    const char *words;
} WORDS[] = {
    { 0, "the platform did not answer" },
    { ALIYUN_IOT_STATUS_GIVEN_UP, "given up: again and again the server closed the connection right after a part of the file" },
    { 78117, "the file is larger than the platform takes" },
    { 78118, "the block is larger than the platform takes" },
    { 78119, "the platform waits for another part of the file" },
    { 78120, "the block is smaller than the platform takes" },
    { 78121, "blocks arrive damaged" },
    { 78122, "the platform has lost the upload" },
    { 78123, "there is such a file already" },
    { 78125, "the file arrived damaged, or has changed meanwhile" },
    { 78127, "the platform finds it too fast" },
};

// ---- Sources ----

// Whether the script's own class is behind a file, of a file system in Python say. Such code gets a buffer of its own, which
// it may keep: neither the stack nor the send buffer.
static bool is_in_python(mp_obj_t file) {
    return mp_obj_is_instance_type(mp_obj_get_type(file));
}

static MP_NORETURN void raise_wrong(const upload_t *upload, const char *what) {
    mp_raise_msg_varg(&mp_type_OSError, MP_ERROR_TEXT("%s(): the file's %s"), upload->method, what);
}

// What no upload may have is enough to know.
static uint32_t bounded(mp_uint_t position) {
    return position > SIZE_MAX_UPLOAD ? SIZE_MAX_UPLOAD + 1 : (uint32_t)position;
}

static uint32_t file_seek(const upload_t *upload, mp_off_t offset, int whence) {
    mp_obj_t file = upload->source;
    mp_obj_t seek[2 + 2] = { MP_OBJ_NULL, MP_OBJ_NULL };
    if (is_in_python(file)) {
        mp_load_method_maybe(file, MP_QSTR_seek, seek);
    }
    if (seek[0] != MP_OBJ_NULL) {
        seek[2] = mp_obj_new_int_from_uint(offset);
        seek[3] = MP_OBJ_NEW_SMALL_INT(whence);
        mp_obj_t position = mp_call_method_n_kw(2, 0, seek);
        if (!mp_obj_is_small_int(position) || MP_OBJ_SMALL_INT_VALUE(position) < 0) {
            raise_wrong(upload, "seek() returns no position");
        }
        return bounded(MP_OBJ_SMALL_INT_VALUE(position));
    }
    // Code in Python is told where this lies.
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

static MP_NORETURN void raise_shorter(const upload_t *upload) {
    mp_raise_msg_varg(&mp_type_OSError, MP_ERROR_TEXT("%s(): the source became shorter while it was sent"), upload->method);
}

// Reads at most so many bytes by a method in Python, and copies them.
static mp_uint_t read_in_python(const upload_t *upload, byte *to, size_t length) {
    byte *bytes = m_new_maybe(byte, length);
    if (bytes == NULL) {
        length = length < CHUNK ? length : CHUNK;
        bytes = m_new(byte, length);
    }
    memset(bytes, 0, length);
    mp_obj_t buffer = mp_obj_new_bytearray_by_ref(length, bytes);
    mp_obj_t returned = runtime_call(upload->source, MP_QSTR_readinto, 1, &buffer);
    // It may have made the buffer another one.
    mp_buffer_info_t filled;
    mp_get_buffer_raise(buffer, &filled, MP_BUFFER_READ);
    if (!mp_obj_is_small_int(returned) || MP_OBJ_SMALL_INT_VALUE(returned) < 0) {
        raise_wrong(upload, "readinto() returns no number of bytes");
    }
    mp_uint_t count = MP_OBJ_SMALL_INT_VALUE(returned);
    if (count > length || count > filled.len) {
        raise_wrong(upload, "readinto() returns more than it was asked for");
    }
    memcpy(to, filled.buf, count);
    return count;
}

// Reads exactly so many bytes of the source, or raises.
static void read_source(upload_t *upload, uint32_t offset, byte *to, size_t length) {
    if (!upload->is_file) {
        mp_buffer_info_t buffer;
        mp_get_buffer_raise(upload->source, &buffer, MP_BUFFER_READ);
        if (buffer.len < offset + length) {
            raise_shorter(upload);
        }
        memcpy(to, (const byte *)buffer.buf + offset, length);
        return;
    }
    if (upload->position != offset) {
        upload->position = file_seek(upload, offset, MP_SEEK_SET);
    }
    bool in_python = is_in_python(upload->source);
    const mp_stream_p_t *stream = in_python ? NULL : mp_get_stream_raise(upload->source, MP_STREAM_OP_READ);
    while (length > 0) {
        int error = 0;
        mp_uint_t count = in_python ? read_in_python(upload, to, length) : stream->read(upload->source, to, length, &error);
        if (count == MP_STREAM_ERROR) {
            mp_raise_OSError(error);
        }
        if (count == 0) {
            raise_shorter(upload);
        }
        if (count > length) {
            raise_wrong(upload, "readinto() returns more than it was asked for");
        }
        upload->position += count;
        to += count;
        length -= count;
    }
}

// Goes through the source once. That may take seconds on a small board: callbacks, pings and Ctrl-C do not wait for it.
static void sum_up(upload_t *upload) {
    byte *chunk = m_new(byte, CHUNK);
    for (uint32_t offset = 0; offset < upload->size;) {
        if (offset > 0 && offset % TURN == 0) {
            mp_hal_delay_ms(1);
        }
        uint32_t left = upload->size - offset, count = left < CHUNK ? left : CHUNK;
        read_source(upload, offset, chunk, count);
        upload->crc64 = aliyun_iot_crc64(upload->crc64, (aliyun_iot_bytes) { chunk, count });
        offset += count;
    }
    m_del(byte, chunk, CHUNK);
}

// ---- The queue ----

static void add(device_obj_t *self, upload_t *upload) {
    device_lock(self);
    upload_t **place = &self->uploads;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    *place = upload;
    device_unlock(self);
}

// With the lock held: takes the upload out that stands here.
static void take_out(upload_t **place) {
    upload_t *upload = *place;
    *place = upload->next;
    upload->next = NULL;
    upload->ended = true;
}

// Takes an upload out, wherever it stands, and has the core forget it.
static void end(device_obj_t *self, upload_t *upload) {
    // What was begun leaves a gap in the send buffer, which closes.
    bool driving = upload->begun && device_drive(self);
    device_lock(self);
    upload_t **place = &self->uploads;
    while (*place != NULL && *place != upload) {
        place = &(*place)->next;
    }
    if (*place != NULL) {
        if (place == &self->uploads && upload->begun) {
            aliyun_iot_cancel_upload(self->core);
        }
        take_out(place);
    }
    device_unlock(self);
    if (driving) {
        device_let_go(self);
    }
}

// Begins with the first one, if it has not begun.
static void begin(device_obj_t *self) {
    device_lock(self);
    upload_t *upload;
    while ((upload = self->uploads) != NULL && !upload->begun) {
        aliyun_iot_bytes name = arg_text(upload->name, "name");
        upload->status = aliyun_iot_upload(self->core, name, upload->size, upload->crc64, BLOCK);
        upload->begun = upload->status == ALIYUN_IOT_STATUS_OK;
        upload->moved = port_ticks_ms();
        if (!upload->begun) {
            take_out(&self->uploads);
        }
    }
    device_unlock(self);
}

// ---- What becomes of the first one ----

static void tell_progress(device_obj_t *self, upload_t *upload, uint32_t sent) {
    upload->sent = sent;
    upload->moved = port_ticks_ms();
    // Of what has to wait, the last one says it all.
    bool is_due = sent == upload->size || !(callbacks_must_wait(self) || runtime_is_interrupted());
    if (upload->callback != MP_OBJ_NULL && is_due) {
        mp_obj_t data = mp_obj_new_dict(2);
        runtime_set(data, MP_QSTR_sent, mp_obj_new_int_from_uint(sent));
        runtime_set(data, MP_QSTR_size, mp_obj_new_int_from_uint(upload->size));
        callback_call(self, upload->method, upload->callback, data);
    }
}

// Puts a block into the send buffer. Nothing may be sent meanwhile, since that moves what is in there.
static void fill(device_obj_t *self, upload_t *upload, uint32_t offset) {
    device_drive(self);
    size_t length;
    device_lock(self);
    byte *place = aliyun_iot_upload_block(self->core, &length);
    device_unlock(self);
    if (place == NULL) {
        device_let_go(self);
        return;
    }
    // What reads may run Python code, of a block device say.
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        read_source(upload, offset, place, length);
        device_lock(self);
        aliyun_iot_upload_filled(self->core, port_ticks_ms());
        device_unlock(self);
        nlr_pop();
    } else {
        upload->exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    }
    device_let_go(self);
    if (upload->exception != MP_OBJ_NULL) {
        end(self, upload);
    }
}

static void tell_failure(device_obj_t *self, int32_t code) {
    const char *words = "the platform refused the upload";
    for (size_t i = 0; i < MP_ARRAY_SIZE(WORDS); i++) {
        if (WORDS[i].code == code) {
            words = WORDS[i].words;
        }
    }
    device_tell_error(self, code == 0 ? ERROR_UPLOAD : code == ALIYUN_IOT_STATUS_GIVEN_UP ? ERROR_GIVEN_UP : code, words);
}

void upload_tell(device_obj_t *self, const aliyun_iot_event *event) {
    upload_t *upload = self->uploads;
    if (upload == NULL || !upload->begun) {
        return;
    }
    if (event->kind == ALIYUN_IOT_EVENT_KIND_UPLOAD_BLOCK) {
        uint32_t offset = event->number;
        // Before anybody is told: nothing else is sent until the block is whole, not even what a callback waits for.
        fill(self, upload, offset);
        if (offset != upload->sent && !upload->ended) {
            tell_progress(self, upload, offset);
        }
    } else if (event->kind == ALIYUN_IOT_EVENT_KIND_UPLOADED) {
        upload->id = runtime_text(event->name);
        end(self, upload);
        tell_progress(self, upload, upload->size);
    } else {
        int32_t code = event->code;
        end(self, upload);
        tell_failure(self, code);
    }
}

void upload_give_up_all(device_obj_t *self) {
    while (self->uploads != NULL) {
        end(self, self->uploads);
    }
}

// ---- The methods ----

static void wait_for(device_obj_t *self, upload_t *upload) {
    while (!upload->ended) {
        begin(self);
        // Within a callback of this thread the pump is at work already: it cannot go on before the callback returns.
        if (device_pumps_here(self)) {
            answers_set_aside(self);
            device_pump_within(self);
        } else {
            device_pump(self);
        }
        if (upload->ended) {
            break;
        }
        if (device_pumps_here(self) && callbacks_are_crowded(self)) {
            // Nothing is read before this callback returns.
            end(self, upload);
            device_tell_error(self, ERROR_UPLOAD, "the upload was given up: too many messages wait for callbacks that upload");
            break;
        }
        // Read before the clock is: another thread may move it on meanwhile.
        uint32_t moved = upload->moved;
        if (upload->begun && port_ticks_ms() - moved > PATIENCE_MS) {
            end(self, upload);
            device_tell_error(self, ERROR_UPLOAD, "the upload did not get on for six minutes");
            break;
        }
        // Where the scheduler runs, wake-ups run the pump during the wait as well.
        mp_hal_delay_ms(1);
    }
}

static mp_obj_t upload_run(device_obj_t *self, upload_t *upload) {
    if (upload->size == 0 || upload->size > SIZE_MAX_UPLOAD) {
        device_raise(upload->method, ALIYUN_IOT_STATUS_FILE_SIZE);
    }
    if (self->core == NULL || !aliyun_iot_is_started(self->core)) {
        return mp_const_none;
    }
    sum_up(upload);
    add(self, upload);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        wait_for(self, upload);
        nlr_pop();
    } else {
        end(self, upload);
        device_arm(self);
        nlr_jump(nlr.ret_val);
    }
    device_arm(self);
    if (upload->exception != MP_OBJ_NULL) {
        nlr_jump(MP_OBJ_TO_PTR(upload->exception));
    }
    if (upload->status != ALIYUN_IOT_STATUS_OK && upload->status != ALIYUN_IOT_STATUS_NOT_CONNECTED
        && upload->status != ALIYUN_IOT_STATUS_NO_THING) {
        device_raise(upload->method, upload->status);
    }
    return upload->id;
}

static upload_t *new_upload(device_obj_t *self, const char *method, mp_obj_t name, mp_obj_t source, mp_obj_t callback) {
    callback = callback_or_null(method, callback);
    if (self->driven && self->driver == runtime_thread()) {
        // Called by what reads the block of another one.
        runtime_raise_os(MP_EBUSY, runtime_words("another upload is reading its file: call later"));
    }
    arg_text(name, "name");
    upload_t *upload = m_new(upload_t, 1);
    memset(upload, 0, sizeof(*upload));
    upload->method = method;
    upload->name = name;
    upload->source = source;
    upload->callback = callback;
    upload->id = mp_const_none;
    return upload;
}

// What follows the last slash.
static mp_obj_t base_name(mp_obj_t path) {
    aliyun_iot_bytes text = arg_text(path, "fileName");
    size_t start = text.len;
    while (start > 0 && text.data[start - 1] != '/') {
        start--;
    }
    return mp_obj_new_str((const char *)text.data + start, text.len - start);
}

mp_obj_t device_uploadFile(size_t n_args, const mp_obj_t *args) {
    device_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_obj_t second = n_args > 2 ? args[2] : mp_const_none;
    bool named = mp_obj_is_str(second);
    mp_obj_t callback = named || n_args > 3 ? (n_args > 3 ? args[3] : mp_const_none) : second;
    if (n_args > 3 && !named) {
        arg_wrong_type(second, "path", "str");
    }
    mp_obj_t path = named ? second : args[1];
    upload_t *upload = new_upload(self, "uploadFile", named ? args[1] : base_name(path), MP_OBJ_NULL, callback);
    upload->source = runtime_open(path, MP_QSTR_rb);
    upload->is_file = true;
    mp_obj_t id;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        upload->size = upload->position = file_seek(upload, 0, MP_SEEK_END);
        id = upload_run(self, upload);
        nlr_pop();
    } else {
        runtime_call(upload->source, MP_QSTR_close, 0, NULL);
        nlr_jump(nlr.ret_val);
    }
    runtime_call(upload->source, MP_QSTR_close, 0, NULL);
    return id;
}

mp_obj_t device_uploadContent(size_t n_args, const mp_obj_t *args) {
    device_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    aliyun_iot_bytes content = arg_data(args[2], "buf");
    upload_t *upload = new_upload(self, "uploadContent", args[1], args[2], n_args > 3 ? args[3] : mp_const_none);
    upload->size = content.len > SIZE_MAX_UPLOAD ? SIZE_MAX_UPLOAD + 1 : content.len;
    return upload_run(self, upload);
}
