// Makes functions and tables of names out of the generated lists (generated/<class or module>_table.h). A list calls
// FIXED(function, name, arguments) or OPTIONAL(function, name, least, most) for each function, and X(name, value) for each
// constant.
#ifndef ALIYUN_IOT_BASE_TABLE_H
#define ALIYUN_IOT_BASE_TABLE_H

#include "runtime.h"

// Declarations of the functions.
#define DECLARE_FIXED_0(function) mp_obj_t function(void);
#define DECLARE_FIXED_1(function) mp_obj_t function(mp_obj_t first);
#define DECLARE_FIXED_2(function) mp_obj_t function(mp_obj_t first, mp_obj_t second);
#define DECLARE_FIXED_3(function) mp_obj_t function(mp_obj_t first, mp_obj_t second, mp_obj_t third);
#define DECLARE_FIXED(function, name, count) DECLARE_FIXED_##count(function)
#define DECLARE_OPTIONAL(function, name, least, most) mp_obj_t function(size_t n_args, const mp_obj_t *arguments);

// Their function objects, `<function>_obj`.
#define OBJECT_FIXED(function, name, count) MP_DEFINE_CONST_FUN_OBJ_##count(function##_obj, function);
#define OBJECT_OPTIONAL(function, name, least, most) MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(function##_obj, least, most, function);

// Entries of a table of names. A native module's names have no numbers before it is loaded, so there an entry is a call that
// stores it in the dict `table`.
#if MICROPY_ENABLE_DYNRUNTIME
#define ENTRY_OBJECT(name, object) mp_obj_dict_store(table, MP_OBJ_NEW_QSTR(MP_QSTR_##name), MP_OBJ_FROM_PTR(&object));
#define ENTRY_CONSTANT(name, value) mp_obj_dict_store(table, MP_OBJ_NEW_QSTR(MP_QSTR_##name), MP_OBJ_NEW_SMALL_INT(value));
#else
#define ENTRY_OBJECT(name, object) { MP_ROM_QSTR(MP_QSTR_##name), MP_ROM_PTR(&object) },
#define ENTRY_CONSTANT(name, value) { MP_ROM_QSTR(MP_QSTR_##name), MP_ROM_INT(value) },
#endif
#define ENTRY_FUNCTION(function, name, ...) ENTRY_OBJECT(name, function##_obj)

#endif
