// The module `aliyunIoT`.

#include "base/table.h"
#include "device_class.h"
#include "generated/aliyunIoT_module.h"

#define ENTRY_CLASS(name, prefix) ENTRY_OBJECT(name, prefix##_class)

static const mp_rom_map_elem_t aliyun_iot_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_aliyunIoT) },
    ALIYUNIOT_CLASSES(ENTRY_CLASS)
};
static MP_DEFINE_CONST_DICT(aliyun_iot_globals, aliyun_iot_globals_table);

const mp_obj_module_t aliyun_iot_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&aliyun_iot_globals,
};

MP_REGISTER_MODULE(MP_QSTR_aliyunIoT, aliyun_iot_module);
