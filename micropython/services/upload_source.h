// Where an upload reads from: a file, or an object with a buffer.
#ifndef ALIYUN_IOT_SERVICES_UPLOAD_SOURCE_H
#define ALIYUN_IOT_SERVICES_UPLOAD_SOURCE_H

#include "base/runtime.h"

#define UPLOAD_SIZE_MAX (16 * 1024 * 1024)

typedef struct {
    const char *method; // that uploads it, for errors
    mp_obj_t object;
    bool is_file;
    uint32_t size;      // UPLOAD_SIZE_MAX + 1 for more than any upload has
    uint32_t position;  // where the file stands
} source_t;

// Finds out how large an open file is.
void source_measure(source_t *self);
// Reads exactly so many bytes, or raises.
void source_read(source_t *self, uint32_t offset, byte *to, size_t length);
// The CRC-64 of all of it. That may take seconds on a small board: callbacks, pings and Ctrl-C do not wait for it.
uint64_t source_crc64(source_t *self);

#endif
