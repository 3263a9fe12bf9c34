// The module `kv` of the old firmware, over the store: texts by name.

#include "store/kv.h"
#include "store/store.h"

static mp_obj_t kv_get(mp_obj_t key) {
    store_t store = store_read();
    return runtime_call(store.values, MP_QSTR_get, 1, &key);
}

static void must_be_str(mp_obj_t object, const char *what) {
    if (!mp_obj_is_str(object)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("'%s' must be str, not %s"), what, mp_obj_get_type_str(object));
    }
}

// The key and the value.
static bool put(mp_obj_t values, const mp_obj_t *pair) {
    mp_obj_t before = runtime_call(values, MP_QSTR_get, 1, pair);
    // Flash wears.
    if (mp_binary_op(MP_BINARY_OP_EQUAL, before, pair[1]) == mp_const_true) {
        return false;
    }
    mp_obj_dict_store(values, pair[0], pair[1]);
    return true;
}

static mp_obj_t kv_set(mp_obj_t key, mp_obj_t value) {
    must_be_str(key, "key");
    must_be_str(value, "value");
    mp_obj_t pair[2];
    pair[0] = key;
    pair[1] = value;
    store_change(put, pair);
    return MP_OBJ_NEW_SMALL_INT(0);
}

// The key, and a list that says whether it was there.
static bool take(mp_obj_t values, const mp_obj_t *arguments) {
    if (runtime_call(values, MP_QSTR_get, 1, arguments) == mp_const_none) {
        return false;
    }
    runtime_call(values, MP_QSTR_pop, 1, arguments);
    mp_obj_subscr(arguments[1], MP_OBJ_NEW_SMALL_INT(0), mp_const_true);
    return true;
}

static mp_obj_t kv_remove(mp_obj_t key) {
    mp_obj_t was_there = mp_const_false;
    mp_obj_t arguments[2];
    arguments[0] = key;
    arguments[1] = mp_obj_new_list(1, &was_there);
    store_change(take, arguments);
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(arguments[1], 1, &items);
    return MP_OBJ_NEW_SMALL_INT(items[0] == mp_const_true ? 0 : -1);
}

KV_FUNCTIONS(OBJECT_FIXED, OBJECT_OPTIONAL)

// A native module's names stand in the module itself, where the package's kv.py finds them.
#if !MICROPY_ENABLE_DYNRUNTIME && ALIYUN_IOT_KV

static const mp_rom_map_elem_t kv_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_kv) },
    KV_FUNCTIONS(ENTRY_FUNCTION, ENTRY_FUNCTION)
};
static MP_DEFINE_CONST_DICT(kv_globals, kv_globals_table);

const mp_obj_module_t kv_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&kv_globals,
};

// A `kv.py` of the user's goes before it.
MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_kv, kv_module);

#endif
