// The module `aliyunIoT`.

#include "device_class.h"

static const mp_rom_map_elem_t aliyun_iot_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_aliyunIoT) },
    // Classes.
    { MP_ROM_QSTR(MP_QSTR_Device), MP_ROM_PTR(&device_class) },
};
static MP_DEFINE_CONST_DICT(aliyun_iot_globals, aliyun_iot_globals_table);

const mp_obj_module_t aliyun_iot_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&aliyun_iot_globals,
};

MP_REGISTER_MODULE(MP_QSTR_aliyunIoT, aliyun_iot_module);
