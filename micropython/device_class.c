// The class `aliyunIoT.Device`: its methods, from the table, and what else a class has.

#include <string.h>

#include "base/haas.h"
#include "device/api.h"
#include "device/events.h"
#include "device/service.h"
#include "device_class.h"

static mp_obj_t device_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    return MP_OBJ_FROM_PTR(device_new(type, &device_events, services_size()));
}

static void device_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)self_in;
    (void)kind;
    mp_print_str(print, HAAS_DEVICE);
}

static mp_obj_t device_del(mp_obj_t self_in) {
    device_finalise(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(device_del_obj, device_del);

static mp_obj_t device_enter(mp_obj_t self_in) {
    return self_in;
}
static MP_DEFINE_CONST_FUN_OBJ_1(device_enter_obj, device_enter);

static mp_obj_t device_exit(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    device_end(args[0]);
    return mp_const_false;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(device_exit_obj, 1, 4, device_exit);

DEVICE_METHODS(OBJECT_FIXED, OBJECT_OPTIONAL)

#define MEMBERS \
    ENTRY_OBJECT(__del__, device_del_obj) \
    ENTRY_OBJECT(__enter__, device_enter_obj) \
    ENTRY_OBJECT(__exit__, device_exit_obj) \
    DEVICE_METHODS(ENTRY_FUNCTION, ENTRY_FUNCTION) \
    DEVICE_EVENTS(ENTRY_CONSTANT) \
    DEVICE_VALUES(ENTRY_CONSTANT)

#if MICROPY_ENABLE_DYNRUNTIME

mp_obj_t device_class_new(void) {
    mp_obj_t table = mp_obj_new_dict(0);
    MEMBERS
    mp_obj_full_type_t *type = m_new(mp_obj_full_type_t, 1);
    memset(type, 0, sizeof(*type));
    type->base.type = &mp_type_type;
    type->name = MP_QSTR_Device;
    MP_OBJ_TYPE_SET_SLOT(type, make_new, device_make_new, 0);
    MP_OBJ_TYPE_SET_SLOT(type, print, device_print, 1);
    MP_OBJ_TYPE_SET_SLOT(type, locals_dict, MP_OBJ_TO_PTR(table), 2);
    return MP_OBJ_FROM_PTR(type);
}

#else

static const mp_rom_map_elem_t device_locals_table[] = { MEMBERS };
static MP_DEFINE_CONST_DICT(device_locals, device_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    device_class,
    MP_QSTR_Device,
    MP_TYPE_FLAG_NONE,
    make_new, device_make_new,
    print, device_print,
    locals_dict, &device_locals
    );

#endif
