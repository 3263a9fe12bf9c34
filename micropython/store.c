// The store is two files that take turns: the older one is written anew, and read back, while the other stays as it is.
// So one of them is whole at any moment, on file systems that can rename a file over another one and on FAT, which cannot.
//
// A file is the SHA-256 of the rest as 64 hexadecimal digits, and JSON: `[sequence, {name: text, …}]`. The file that is
// whole and has the higher sequence counts.

#include <string.h>

#include "port.h"
#include "store.h"

#define DIGEST_LEN (64)
#define SLOTS (2)
#define EILSEQ_OF_LITTLEFS (84)

static mp_obj_t slot_path(size_t slot) {
    vstr_t path;
    vstr_init(&path, 32);
    vstr_add_str(&path, port_store());
    vstr_add_byte(&path, '.');
    vstr_add_byte(&path, '0' + slot);
    return mp_obj_new_str_from_vstr(&path);
}

// The digest of `text`, DIGEST_LEN bytes.
static mp_obj_t digest_of(mp_obj_t text) {
    mp_obj_t hash = runtime_call(runtime_import(MP_QSTR_hashlib), MP_QSTR_sha256, 1, &text);
    mp_obj_t digest = runtime_call(hash, MP_QSTR_digest, 0, NULL);
    return runtime_call(runtime_import(MP_QSTR_binascii), MP_QSTR_hexlify, 1, &digest);
}

// What a file says if it is whole, or raises.
static mp_obj_t slot_parse(mp_obj_t data) {
    mp_buffer_info_t whole, digest;
    mp_get_buffer_raise(data, &whole, MP_BUFFER_READ);
    if (whole.len <= DIGEST_LEN) {
        mp_raise_ValueError(MP_ERROR_TEXT("too short"));
    }
    mp_obj_t text = mp_obj_new_bytes((const byte *)whole.buf + DIGEST_LEN, whole.len - DIGEST_LEN);
    mp_get_buffer_raise(digest_of(text), &digest, MP_BUFFER_READ);
    if (digest.len != DIGEST_LEN || memcmp(digest.buf, whole.buf, DIGEST_LEN) != 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("not whole"));
    }
    return runtime_call(runtime_import(MP_QSTR_json), MP_QSTR_loads, 1, &text);
}

// Whether a file is not there, nor the file system that it would be on, or is damaged: FAT says so of one that the power
// cut off, littlefs of one whose flash is worn.
static bool is_absent_or_damaged(mp_obj_t exception) {
    int error = runtime_errno(exception);
    return error == MP_ENOENT || error == MP_ENODEV || error == MP_EIO || error == EILSEQ_OF_LITTLEFS;
}

// Reads one of the two files; MP_OBJ_NULL if it is not there or not whole. Else it is a list of sequence and dict. Raises
// OSError if it cannot be read, since then it may well be the one that counts.
static mp_obj_t slot_read(size_t slot) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t file = runtime_open(slot_path(slot), MP_QSTR_rb);
        mp_obj_t data = runtime_call(file, MP_QSTR_read, 0, NULL);
        runtime_call(file, MP_QSTR_close, 0, NULL);
        mp_obj_t found = slot_parse(data);
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(found, 2, &items);
        if (!mp_obj_is_small_int(items[0]) || !mp_obj_is_dict_or_ordereddict(items[1])) {
            mp_raise_ValueError(MP_ERROR_TEXT("not a store"));
        }
        nlr_pop();
        return found;
    }
    mp_obj_t exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    if (is_absent_or_damaged(exception) || runtime_is_a(exception, &mp_type_ValueError)) {
        return MP_OBJ_NULL;
    }
    // No memory, Ctrl-C, no access: that says nothing of what is in the file.
    nlr_jump(nlr.ret_val);
}

store_t store_read(void) {
    store_t store = { MP_OBJ_NULL, 0, SLOTS - 1 };
    for (size_t slot = 0; slot < SLOTS; slot++) {
        mp_obj_t found = slot_read(slot);
        if (found == MP_OBJ_NULL) {
            continue;
        }
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(found, 2, &items);
        mp_int_t sequence = mp_obj_get_int(items[0]);
        if (store.values == MP_OBJ_NULL || sequence > store.sequence) {
            store = (store_t) { items[1], sequence, slot };
        }
    }
    if (store.values == MP_OBJ_NULL) {
        store.values = mp_obj_new_dict(0);
    }
    return store;
}

void store_write(const store_t *store) {
    mp_obj_t items[2] = { mp_obj_new_int(store->sequence + 1), store->values };
    mp_obj_t list = mp_obj_new_list(2, items);
    mp_obj_t text = runtime_call(runtime_import(MP_QSTR_json), MP_QSTR_dumps, 1, &list);
    vstr_t whole;
    vstr_init(&whole, 256);
    mp_buffer_info_t piece;
    mp_get_buffer_raise(digest_of(text), &piece, MP_BUFFER_READ);
    vstr_add_strn(&whole, piece.buf, piece.len);
    mp_get_buffer_raise(text, &piece, MP_BUFFER_READ);
    vstr_add_strn(&whole, piece.buf, piece.len);
    mp_obj_t data = mp_obj_new_str_from_vstr(&whole);

    size_t slot = SLOTS - 1 - store->slot;
    mp_obj_t path = slot_path(slot);
    port_store_private(mp_obj_str_get_str(path));
    mp_obj_t file = runtime_open(path, MP_QSTR_wb);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        runtime_call(file, MP_QSTR_write, 1, &data);
        runtime_call(file, MP_QSTR_flush, 0, NULL);
        nlr_pop();
    } else {
        runtime_call(file, MP_QSTR_close, 0, NULL);
        nlr_jump(nlr.ret_val);
    }
    runtime_call(file, MP_QSTR_close, 0, NULL);
    if (slot_read(slot) == MP_OBJ_NULL) {
        mp_raise_OSError(MP_EIO);
    }
}
