// The module `board`: how much stack and how much memory for native code scripts have taken.

#include "board.h"
#include "xtfpga/processor.h"
#include "py/runtime.h"

size_t code_used(void);

// The most bytes of the stack that were ever in use, as far as they were written.
static mp_obj_t board_stack(void) {
    size_t free = 0;
    while (main_stack[free] == STACK_PAINT) {
        free++;
    }
    return MP_OBJ_NEW_SMALL_INT(MAIN_STACK_SIZE - free * sizeof(uint32_t));
}
static MP_DEFINE_CONST_FUN_OBJ_0(board_stack_obj, board_stack);

// Paints what is free now.
static mp_obj_t board_stack_reset(void) {
    uint32_t *end = (uint32_t *)__builtin_frame_address(0) - 64;
    for (uint32_t *word = main_stack; word < end; word++) {
        *word = STACK_PAINT;
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(board_stack_reset_obj, board_stack_reset);

static mp_obj_t board_code(void) {
    return MP_OBJ_NEW_SMALL_INT(code_used());
}
static MP_DEFINE_CONST_FUN_OBJ_0(board_code_obj, board_code);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_board) },
    { MP_ROM_QSTR(MP_QSTR_code), MP_ROM_PTR(&board_code_obj) },
    { MP_ROM_QSTR(MP_QSTR_stack), MP_ROM_PTR(&board_stack_obj) },
    { MP_ROM_QSTR(MP_QSTR_stack_reset), MP_ROM_PTR(&board_stack_reset_obj) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t board_module = { .base = { &mp_type_module }, .globals = (mp_obj_dict_t *)&globals };
MP_REGISTER_MODULE(MP_QSTR_board, board_module);
