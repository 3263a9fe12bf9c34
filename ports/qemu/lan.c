// `network.LAN`, as on boards with an Ethernet socket.

#include "board.h"
#include "py/mperrno.h"
#include "py/runtime.h"
#include "extmod/modnetwork.h"
#include "lwip/netif.h"

typedef struct {
    mp_obj_base_t base;
} lan_obj_t;

static const lan_obj_t lan = { { &lan_type } };

static mp_obj_t lan_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    mod_network_register_nic(MP_OBJ_FROM_PTR(&lan));
    return MP_OBJ_FROM_PTR(&lan);
}

static mp_obj_t lan_active(size_t n_args, const mp_obj_t *args) {
    if (n_args == 1) {
        return mp_obj_new_bool(netif_is_up(network_netif()));
    }
    if (!mp_obj_is_true(args[1])) {
        network_stop();
    } else if (!network_start()) {
        mp_raise_OSError(MP_ENODEV);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(lan_active_obj, 1, 2, lan_active);

static mp_obj_t lan_isconnected(mp_obj_t self) {
    (void)self;
    struct netif *netif = network_netif();
    return mp_obj_new_bool(netif_is_up(netif) && !ip4_addr_isany(netif_ip4_addr(netif)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(lan_isconnected_obj, lan_isconnected);

static mp_obj_t lan_ifconfig(size_t n_args, const mp_obj_t *args) {
    return mod_network_nic_ifconfig(network_netif(), n_args - 1, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(lan_ifconfig_obj, 1, 2, lan_ifconfig);

static mp_obj_t lan_ipconfig(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    return mod_network_nic_ipconfig(network_netif(), n_args - 1, args + 1, kwargs);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(lan_ipconfig_obj, 1, lan_ipconfig);

static const mp_rom_map_elem_t lan_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&lan_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&lan_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&lan_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&lan_ipconfig_obj) },
};
static MP_DEFINE_CONST_DICT(lan_locals, lan_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    lan_type,
    MP_QSTR_LAN,
    MP_TYPE_FLAG_NONE,
    make_new, lan_make_new,
    locals_dict, &lan_locals
    );
