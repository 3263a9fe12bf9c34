// The store is two files that take turns: the older one is replaced, and read back, while the other stays as it is.
// So one of them is whole at any moment, on file systems that can rename a file over another one and on FAT, which cannot.
//
// A file is the SHA-256 of the rest as 64 hexadecimal digits, and JSON: `[sequence, {name: text, …}]`. The file that is
// whole and has the higher sequence counts. A file that is not whole is one that the power cut off; a whole file with
// anything else in it was not written here, and is never written over.

#include <string.h>

#include "base/port.h"
#include "store/host.h"
#include "store/lock.h"
#include "store/store.h"

#define DIGEST_LEN (64)
#define SLOTS (2)
// No flash lives long enough to count so far, and all integers of this size are small ones on every board.
#define SEQUENCE_END (0x3fffffff)
// More than any store needs, so that none takes all memory.
#define BYTES_MAX (256 * 1024)
#define EILSEQ_OF_LITTLEFS (84)

static mp_obj_t slot_path(size_t slot) {
    vstr_t path;
    vstr_init(&path, 32);
    vstr_add_str(&path, port_store());
    vstr_add_byte(&path, '.');
    vstr_add_byte(&path, '0' + slot);
    return mp_obj_new_str_from_vstr(&path);
}

static MP_NORETURN void refuse(mp_obj_t path, int error, const char *words) {
    vstr_t text;
    vstr_init(&text, 64);
    vstr_printf(&text, "the store %s %s", mp_obj_str_get_str(path), words);
    runtime_raise_os(error, mp_obj_new_str_from_vstr(&text));
}

// ---- Files ----

// Calls methods of an open file, which is closed whatever happens. Returns what the first of them returned.
static mp_obj_t use_and_close(mp_obj_t file, qstr method, size_t n_args, const mp_obj_t *args) {
    mp_obj_t returned;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        returned = runtime_call(file, method, n_args, args);
        if (n_args > 0) {
            runtime_call(file, MP_QSTR_flush, 0, NULL);
        }
        nlr_pop();
    } else {
        runtime_call(file, MP_QSTR_close, 0, NULL);
        nlr_jump(nlr.ret_val);
    }
    runtime_call(file, MP_QSTR_close, 0, NULL);
    return returned;
}

// MP_OBJ_NULL, or OSError, if there is no such file.
static mp_obj_t slot_load(mp_obj_t path) {
    const char *name = mp_obj_str_get_str(path);
    return host_reaches(name) ? host_read(name, BYTES_MAX) : use_and_close(runtime_open(path, MP_QSTR_rb), MP_QSTR_read, 0, NULL);
}

static void slot_save(mp_obj_t path, mp_obj_t data) {
    const char *name = mp_obj_str_get_str(path);
    if (host_reaches(name)) {
        mp_buffer_info_t bytes;
        mp_get_buffer_raise(data, &bytes, MP_BUFFER_READ);
        host_write(name, bytes.buf, bytes.len);
        return;
    }
    mp_obj_t file = MP_OBJ_NULL;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        file = runtime_open(path, MP_QSTR_wb);
        nlr_pop();
    } else {
        int error = runtime_errno(MP_OBJ_FROM_PTR(nlr.ret_val));
        if (error == 0) {
            nlr_jump(nlr.ret_val);
        }
        refuse(path, error, error == MP_ENOENT ? "cannot be made: there is no such folder" : "cannot be made");
    }
    use_and_close(file, MP_QSTR_write, 1, &data);
}

// ---- What is in them ----

// The digest of `text`, DIGEST_LEN bytes.
static mp_obj_t digest_of(mp_obj_t text) {
    mp_obj_t hash = runtime_call(runtime_import(MP_QSTR_hashlib), MP_QSTR_sha256, 1, &text);
    mp_obj_t digest = runtime_call(hash, MP_QSTR_digest, 0, NULL);
    return runtime_call(runtime_import(MP_QSTR_binascii), MP_QSTR_hexlify, 1, &digest);
}

// What a file says, as text; MP_OBJ_NULL if it is not whole.
static mp_obj_t text_of(mp_obj_t data) {
    mp_buffer_info_t whole, digest;
    mp_get_buffer_raise(data, &whole, MP_BUFFER_READ);
    if (whole.len <= DIGEST_LEN) {
        return MP_OBJ_NULL;
    }
    mp_obj_t text = mp_obj_new_bytes((const byte *)whole.buf + DIGEST_LEN, whole.len - DIGEST_LEN);
    mp_get_buffer_raise(digest_of(text), &digest, MP_BUFFER_READ);
    return digest.len == DIGEST_LEN && memcmp(digest.buf, whole.buf, DIGEST_LEN) == 0 ? text : MP_OBJ_NULL;
}

static bool is_names_and_texts(mp_obj_t values) {
    if (!mp_obj_is_dict_or_ordereddict(values)) {
        return false;
    }
    mp_obj_iter_buf_t room;
    mp_obj_t names = mp_getiter(values, &room), name;
    while ((name = mp_iternext(names)) != MP_OBJ_STOP_ITERATION) {
        if (!mp_obj_is_str(name) || !mp_obj_is_str(runtime_call(values, MP_QSTR_get, 1, &name))) {
            return false;
        }
    }
    return true;
}

// The text as a list of sequence and dict; MP_OBJ_NULL if it is none.
static mp_obj_t parse(mp_obj_t text) {
    mp_obj_t found = MP_OBJ_NULL;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        found = runtime_call(runtime_import(MP_QSTR_json), MP_QSTR_loads, 1, &text);
        nlr_pop();
    } else {
        if (!runtime_is_a(MP_OBJ_FROM_PTR(nlr.ret_val), &mp_type_ValueError)) {
            nlr_jump(nlr.ret_val);
        }
        return MP_OBJ_NULL;
    }
    if (!mp_obj_is_type(found, &mp_type_list)) {
        return MP_OBJ_NULL;
    }
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(found, &count, &items);
    bool is_store = count == 2 && mp_obj_is_small_int(items[0]) && MP_OBJ_SMALL_INT_VALUE(items[0]) >= 0
        && MP_OBJ_SMALL_INT_VALUE(items[0]) < SEQUENCE_END && is_names_and_texts(items[1]);
    return is_store ? found : MP_OBJ_NULL;
}

// Whether a file is not there, nor the file system that it would be on, or is damaged: FAT says so of one that the power
// cut off, littlefs of one whose flash is worn.
static bool is_absent_or_damaged(mp_obj_t exception) {
    int error = runtime_errno(exception);
    return error == MP_ENOENT || error == MP_ENODEV || error == MP_EIO || error == EILSEQ_OF_LITTLEFS;
}

// Reads one of the two files; MP_OBJ_NULL if it is not there or not whole. Else it is a list of sequence and dict. Raises
// OSError if it cannot be read or if another program has made it, since then it may be the one that counts.
static mp_obj_t slot_read(size_t slot) {
    mp_obj_t path = slot_path(slot), data = MP_OBJ_NULL;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        data = slot_load(path);
        nlr_pop();
    } else {
        // No memory, Ctrl-C, no access: that says nothing of what is in the file.
        if (!is_absent_or_damaged(MP_OBJ_FROM_PTR(nlr.ret_val))) {
            nlr_jump(nlr.ret_val);
        }
        return MP_OBJ_NULL;
    }
    mp_obj_t text = data == MP_OBJ_NULL ? MP_OBJ_NULL : text_of(data);
    if (text == MP_OBJ_NULL) {
        return MP_OBJ_NULL;
    }
    mp_obj_t found = parse(text);
    if (found == MP_OBJ_NULL) {
        refuse(path, MP_EINVAL, "was not written by this library: move it away or remove it");
    }
    return found;
}

// ---- The store ----

// With the lock held.
static store_t read_slots(void) {
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

static void write_slot(const store_t *store) {
    size_t slot = SLOTS - 1 - store->slot;
    mp_obj_t path = slot_path(slot);
    if (store->sequence + 1 >= SEQUENCE_END) {
        refuse(path, MP_EINVAL, "has been written too often: move it away or remove it");
    }
    mp_obj_t items[2];
    items[0] = mp_obj_new_int(store->sequence + 1);
    items[1] = store->values;
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
    // What could not be read back is not written.
    if (DIGEST_LEN + piece.len > BYTES_MAX) {
        refuse(path, MP_EFBIG, "would become larger than 256 KiB");
    }
    if (parse(text) == MP_OBJ_NULL) {
        refuse(path, MP_EINVAL, "takes texts only");
    }
    slot_save(path, data);
    if (slot_read(slot) == MP_OBJ_NULL) {
        refuse(path, MP_EIO, "does not keep what is written to it");
    }
}

store_t store_read(void) {
    store_t store = { MP_OBJ_NULL, 0, 0 };
    store_lock_t lock;
    store_lock(&lock, false);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        store = read_slots();
        nlr_pop();
    } else {
        store_unlock(&lock);
        nlr_jump(nlr.ret_val);
    }
    store_unlock(&lock);
    return store;
}

void store_change(bool (*change)(mp_obj_t values, const mp_obj_t *arguments), const mp_obj_t *arguments) {
    store_lock_t lock;
    store_lock(&lock, true);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        store_t store = read_slots();
        if (change(store.values, arguments)) {
            write_slot(&store);
        }
        nlr_pop();
    } else {
        store_unlock(&lock);
        nlr_jump(nlr.ret_val);
    }
    store_unlock(&lock);
}
