// Uploads. A method waits until the platform has the whole file; whoever pumps the device meanwhile moves the first
// upload on, block by block, straight from the file into the send buffer. Others wait their turn.

#include <string.h>

#include "base/args.h"
#include "base/list.h"
#include "device/api.h"
#include "device/calls.h"
#include "device/results.h"
#include "device/service.h"
#include "generated/device_errors.h"
#include "services/upload_source.h"

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

// One upload, from the call of the method until it returns.
typedef struct _upload_t {
    struct _upload_t *next;
    source_t source;
    mp_obj_t name;      // str: its name on the platform
    mp_obj_t callback;  // MP_OBJ_NULL for none
    bool begun;
    bool ended;
    uint32_t sent;      // what the platform has
    uint64_t crc64;
    int32_t status;     // of the core, if it could not be begun
    mp_obj_t id;        // what the method returns
    mp_obj_t exception; // what it raises instead, or MP_OBJ_NULL
} upload_t;

extern const service_t upload_service;

// The first upload is under way, the others wait their turn.
static upload_t **queue(device_obj_t *self) {
    return service_state(self, &upload_service);
}

// By the cause of a failure, or by the code with which the platform refused.
static const struct {
    int32_t code;
    const char *words;
} WORDS[] = {
    { ALIYUN_IOT_UPLOAD_SILENT, "the platform did not answer" },
    { ALIYUN_IOT_UPLOAD_STALLED, "the upload did not get on for six minutes" },
    { ALIYUN_IOT_UPLOAD_GIVEN_UP, "given up: again and again the server closed the connection right after a part of the file" },
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

// ---- The queue ----

static void add(device_obj_t *self, upload_t *upload) {
    CORE_LOCKED(&self->core, LIST_APPEND(upload_t, queue(self), upload));
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
    bool driving = upload->begun && drive_acquire(&self->drive);
    lock_acquire(&self->core.lock);
    upload_t **place = queue(self);
    LIST_SEEK(place, *place == upload);
    if (*place != NULL) {
        if (place == queue(self) && upload->begun) {
            aliyun_iot_cancel_upload(self->core.device);
        }
        take_out(place);
    }
    lock_release(&self->core.lock);
    if (driving) {
        drive_release(&self->drive);
    }
}

// Begins with the first one, if it has not begun.
static void begin(device_obj_t *self) {
    lock_acquire(&self->core.lock);
    upload_t *upload;
    while ((upload = *queue(self)) != NULL && !upload->begun) {
        aliyun_iot_bytes name = arg_text(upload->name, "name");
        upload->status = aliyun_iot_upload(self->core.device, name, upload->source.size, upload->crc64, BLOCK);
        upload->begun = upload->status == ALIYUN_IOT_STATUS_OK;
        if (!upload->begun) {
            take_out(queue(self));
        }
    }
    lock_release(&self->core.lock);
}

// ---- What becomes of the first one ----

static void tell_progress(device_obj_t *self, upload_t *upload, uint32_t sent) {
    upload->sent = sent;
    // Of what has to wait, the last one says it all.
    bool is_due = sent == upload->source.size || !(callbacks_must_wait(&self->calls) || runtime_is_interrupted());
    if (upload->callback != MP_OBJ_NULL && is_due) {
        mp_obj_t data = mp_obj_new_dict(2);
        runtime_set(data, MP_QSTR_sent, mp_obj_new_int_from_uint(sent));
        runtime_set(data, MP_QSTR_size, mp_obj_new_int_from_uint(upload->source.size));
        callback_call(&self->calls, upload->source.method, upload->callback, data);
    }
}

// Puts a block into the send buffer. Nothing may be sent meanwhile, since that moves what is in there.
static void fill(device_obj_t *self, upload_t *upload, uint32_t offset) {
    drive_acquire(&self->drive);
    aliyun_iot_buffer place;
    bool is_wanted;
    CORE_LOCKED(&self->core, is_wanted = aliyun_iot_upload_place(self->core.device, &place));
    if (!is_wanted) {
        drive_release(&self->drive);
        return;
    }
    // What reads may run Python code, of a block device say.
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        source_read(&upload->source, offset, place.data, place.len);
        CORE_LOCKED(&self->core, aliyun_iot_upload_filled(self->core.device, port_ticks_ms()));
        nlr_pop();
    } else {
        upload->exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    }
    drive_release(&self->drive);
    if (upload->exception != MP_OBJ_NULL) {
        end(self, upload);
    }
}

static void tell_failure(device_obj_t *self, aliyun_iot_upload_failed failed) {
    bool is_refused = failed.cause == ALIYUN_IOT_UPLOAD_REFUSED;
    int32_t code = is_refused ? failed.code : failed.cause;
    const char *words = "the platform refused the upload";
    for (size_t i = 0; i < MP_ARRAY_SIZE(WORDS); i++) {
        if (WORDS[i].code == code) {
            words = WORDS[i].words;
        }
    }
    error_report_text(self, is_refused ? code : code == ALIYUN_IOT_UPLOAD_GIVEN_UP ? ERROR_GIVEN_UP : ERROR_UPLOAD, words);
}

static void on_event(device_obj_t *self, const aliyun_iot_event *event) {
    upload_t *upload = *queue(self);
    if (upload == NULL || !upload->begun) {
        return;
    }
    if (event->kind == ALIYUN_IOT_EVENT_UPLOAD_BLOCK) {
        uint32_t offset = event->as.upload.block.offset;
        // Before any callback: nothing else is sent until the block is whole, not even what a callback waits for.
        fill(self, upload, offset);
        if (offset != upload->sent && !upload->ended) {
            tell_progress(self, upload, offset);
        }
    } else if (event->kind == ALIYUN_IOT_EVENT_UPLOAD_DONE) {
        upload->id = runtime_text(event->as.upload.done.id);
        end(self, upload);
        tell_progress(self, upload, upload->source.size);
    } else {
        aliyun_iot_upload_failed failed = event->as.upload.failed;
        end(self, upload);
        tell_failure(self, failed);
    }
}

static void on_closed(device_obj_t *self) {
    upload_t *upload;
    while ((upload = *queue(self)) != NULL) {
        end(self, upload);
    }
}

const service_t upload_service = {
    .family = ALIYUN_IOT_EVENT_UPLOAD_BLOCK,
    .state_size = sizeof(upload_t *),
    .on_event = on_event,
    .on_closed = on_closed,
};

// ---- The methods ----

static void wait_for(device_obj_t *self, upload_t *upload) {
    while (!upload->ended) {
        begin(self);
        // Within a callback of this thread the pump is at work already: it cannot go on before the callback returns.
        if (pump_is_here(&self->pump)) {
            answers_set_aside(&self->answers);
            pump_run_within(&self->pump);
        } else {
            pump_run(&self->pump);
        }
        if (upload->ended) {
            break;
        }
        if (pump_is_here(&self->pump) && callbacks_are_crowded(&self->calls)) {
            // Nothing is read before this callback returns.
            end(self, upload);
            error_report_text(self, ERROR_UPLOAD, "the upload was given up: too many messages wait for callbacks that upload");
            break;
        }
        // Where the scheduler runs, wake-ups run the pump during the wait as well.
        mp_hal_delay_ms(1);
    }
}

static mp_obj_t upload_run(device_obj_t *self, upload_t *upload) {
    if (upload->source.size == 0 || upload->source.size > UPLOAD_SIZE_MAX) {
        result_raise(upload->source.method, ALIYUN_IOT_STATUS_FILE_SIZE);
    }
    if (self->core.device == NULL || !aliyun_iot_is_started(self->core.device)) {
        return mp_const_none;
    }
    upload->crc64 = source_crc64(&upload->source);
    add(self, upload);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        wait_for(self, upload);
        nlr_pop();
    } else {
        end(self, upload);
        pump_arm(&self->pump);
        nlr_jump(nlr.ret_val);
    }
    pump_arm(&self->pump);
    if (upload->exception != MP_OBJ_NULL) {
        nlr_jump(MP_OBJ_TO_PTR(upload->exception));
    }
    if (upload->status == ALIYUN_IOT_STATUS_NO_SERVICE) {
        result_raise_no_service(self, upload->source.method);
    }
    if (upload->status != ALIYUN_IOT_STATUS_OK && upload->status != ALIYUN_IOT_STATUS_NOT_CONNECTED) {
        result_raise(upload->source.method, upload->status);
    }
    return upload->id;
}

static upload_t *new_upload(device_obj_t *self, const char *method, mp_obj_t name, mp_obj_t source, mp_obj_t callback) {
    callback = callback_or_null(method, callback);
    if (drive_is_here(&self->drive)) {
        // Called by what reads the block of another one.
        runtime_raise_os(MP_EBUSY, runtime_words("another upload is reading its file: call later"));
    }
    arg_text(name, "name");
    upload_t *upload = m_new(upload_t, 1);
    memset(upload, 0, sizeof(*upload));
    upload->source.method = method;
    upload->source.object = source;
    upload->name = name;
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
    upload->source.object = runtime_open(path, MP_QSTR_rb);
    upload->source.is_file = true;
    mp_obj_t id;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        source_measure(&upload->source);
        id = upload_run(self, upload);
        nlr_pop();
    } else {
        runtime_call(upload->source.object, MP_QSTR_close, 0, NULL);
        nlr_jump(nlr.ret_val);
    }
    runtime_call(upload->source.object, MP_QSTR_close, 0, NULL);
    return id;
}

mp_obj_t device_uploadContent(size_t n_args, const mp_obj_t *args) {
    device_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    aliyun_iot_bytes content = arg_data(args[2], "buf");
    upload_t *upload = new_upload(self, "uploadContent", args[1], args[2], n_args > 3 ? args[3] : mp_const_none);
    upload->source.size = content.len > UPLOAD_SIZE_MAX ? UPLOAD_SIZE_MAX + 1 : content.len;
    return upload_run(self, upload);
}
