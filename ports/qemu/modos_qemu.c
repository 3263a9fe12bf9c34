// An environment for the module `os`, as on computers; included by extmod/modos.c. Nothing is in it at the start: the
// runner fills it through `os.putenv`.

#include <string.h>

#include "board.h"
#include "py/mperrno.h"
#include "py/runtime.h"

// NAME=value, a zero, and so on to an empty one.
static char environment[1024];

static char *environment_find(const char *name) {
    size_t len = strlen(name);
    char *entry = environment;
    while (*entry != '\0' && !(strncmp(entry, name, len) == 0 && entry[len] == '=')) {
        entry += strlen(entry) + 1;
    }
    return entry;
}

const char *environment_get(const char *name) {
    char *entry = environment_find(name);
    return *entry == '\0' ? NULL : entry + strlen(name) + 1;
}

static void environment_remove(const char *name) {
    char *entry = environment_find(name);
    size_t len = *entry == '\0' ? 0 : strlen(entry) + 1;
    memmove(entry, entry + len, environment + sizeof(environment) - (entry + len));
}

static mp_obj_t mp_os_getenv(size_t n_args, const mp_obj_t *args) {
    const char *value = environment_get(mp_obj_str_get_str(args[0]));
    if (value == NULL) {
        return n_args == 2 ? args[1] : mp_const_none;
    }
    return mp_obj_new_str(value, strlen(value));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mp_os_getenv_obj, 1, 2, mp_os_getenv);

static mp_obj_t mp_os_putenv(mp_obj_t name_in, mp_obj_t value_in) {
    const char *name = mp_obj_str_get_str(name_in), *value = mp_obj_str_get_str(value_in);
    environment_remove(name);
    char *entry = environment;
    while (*entry != '\0') {
        entry += strlen(entry) + 1;
    }
    size_t name_len = strlen(name), value_len = strlen(value);
    // Two zeros: of the entry and of the end.
    if (entry + name_len + 1 + value_len + 2 > environment + sizeof(environment)) {
        mp_raise_OSError(MP_ENOMEM);
    }
    memcpy(entry, name, name_len);
    entry[name_len] = '=';
    memcpy(entry + name_len + 1, value, value_len + 1);
    entry[name_len + 1 + value_len + 1] = '\0';
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(mp_os_putenv_obj, mp_os_putenv);

static mp_obj_t mp_os_unsetenv(mp_obj_t name) {
    environment_remove(mp_obj_str_get_str(name));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(mp_os_unsetenv_obj, mp_os_unsetenv);
