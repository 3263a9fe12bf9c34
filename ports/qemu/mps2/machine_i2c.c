// `machine.I2C`: the four buses, whose lines MicroPython's SoftI2C moves; the board has nothing else for that.

#include "mps2/pins.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"

#define TIMEOUT_US (50000)

static mp_obj_t machine_i2c_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *all_args) {
    enum { ARG_id, ARG_freq, ARG_timeout };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_id, MP_ARG_INT, {.u_int = 0} },
        { MP_QSTR_freq, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = 400000} },
        { MP_QSTR_timeout, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = TIMEOUT_US} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all_kw_array(n_args, n_kw, all_args, MP_ARRAY_SIZE(allowed), allowed, args);
    mp_int_t bus = args[ARG_id].u_int, freq = args[ARG_freq].u_int;
    if (bus < 0 || bus >= I2C_BUSES) {
        mp_raise_ValueError(MP_ERROR_TEXT("I2C doesn't exist"));
    }
    if (freq < 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid freq"));
    }
    mp_machine_soft_i2c_obj_t *self = mp_obj_malloc(mp_machine_soft_i2c_obj_t, type);
    self->scl = PIN_SCL(bus);
    self->sda = PIN_SDA(bus);
    self->us_timeout = args[ARG_timeout].u_int;
    self->us_delay = freq < 500000 ? 500000 / freq : 1;
    pin_write(self->scl, true);
    pin_write(self->sda, true);
    return MP_OBJ_FROM_PTR(self);
}

static void machine_i2c_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    mp_machine_soft_i2c_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "I2C(%u, freq=%u)", (unsigned)((self->scl - PIN_I2C_FIRST) / 2), (unsigned)(500000 / self->us_delay));
}

static const mp_machine_i2c_p_t protocol = {
    .transfer = mp_machine_soft_i2c_transfer,
};

MP_DEFINE_CONST_OBJ_TYPE(
    machine_i2c_type,
    MP_QSTR_I2C,
    MP_TYPE_FLAG_NONE,
    make_new, machine_i2c_make_new,
    print, machine_i2c_print,
    protocol, &protocol,
    locals_dict, &mp_machine_i2c_locals_dict
    );
