// What several ports need to implement base/port.h.

#include "base/port.h"
#include "base/runtime.h"

mp_obj_t port_store_in_home(const char *home) {
    if (home == NULL || home[0] != '/') {
        runtime_raise_os(MP_ENOENT, runtime_words("there is no place for the store: HOME is not the whole path of a folder; set HOME or ALIYUN_IOT_STORE"));
    }
    vstr_t path;
    vstr_init(&path, 32);
    vstr_add_str(&path, home);
    vstr_add_str(&path, "/.aliyunIoT");
    return mp_obj_new_str_from_vstr(&path);
}
