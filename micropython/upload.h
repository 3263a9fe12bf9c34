// Uploads of files and of bytes: upload.c.
#ifndef ALIYUN_IOT_UPLOAD_H
#define ALIYUN_IOT_UPLOAD_H

#include "aliyun_iot.h"
#include "runtime.h"

struct _device_obj_t;

// One upload, from the call of the method until it returns.
typedef struct _upload_t {
    struct _upload_t *next;
    const char *method;
    mp_obj_t name;      // str: its name on the platform
    mp_obj_t source;    // a file, or an object with a buffer
    mp_obj_t callback;  // MP_OBJ_NULL for none
    bool is_file;
    bool begun;
    bool ended;
    uint32_t size;
    uint32_t position;  // where the file stands
    uint32_t sent;      // what the platform has
    uint32_t moved;     // when that has changed last, in ticks
    uint64_t crc64;
    int32_t status;     // of the core, if it could not be begun
    mp_obj_t id;        // what the method returns
    mp_obj_t exception; // what it raises instead, or MP_OBJ_NULL
} upload_t;

// Something has become of the first upload.
void upload_tell(struct _device_obj_t *self, const aliyun_iot_event *event);
// The device has closed.
void upload_give_up_all(struct _device_obj_t *self);

// Methods.
mp_obj_t device_uploadFile(size_t n_args, const mp_obj_t *args);
mp_obj_t device_uploadContent(size_t n_args, const mp_obj_t *args);

#endif
