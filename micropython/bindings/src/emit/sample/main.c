// Prints what the generated tables of the sample say. The parsers call the functions below in the place of those of
// micropython/base/args.h: each prints its arguments.

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef const char *mp_obj_t;
typedef const char *qstr;
typedef long mp_int_t;
typedef struct {
    const char *data;
} aliyun_iot_bytes;

#define MP_QSTR_name "name"
#define MP_QSTR_label "label"
#define MP_QSTR_data "data"
#define MP_QSTR_count "count"
#define MP_QSTR_heavy "heavy"
#define MP_QSTR_colour "colour"
#define MP_QSTR_shade "shade"
#define MP_QSTR_gloss "gloss"

typedef struct {
    const char *name;
    uint16_t cases;
    uint16_t needs;
} arg_key_t;
typedef struct {
    const char *method, *key;
    const char *const *cases;
    const arg_key_t *keys;
    void (*check)(unsigned which);
} arg_choice_t;

// Takes the name of a case for a dictionary.
static unsigned arg_choose(mp_obj_t data, qstr key, const arg_choice_t *choice) {
    unsigned which = 0;
    while (strcmp(choice->cases[which], data) != 0) {
        which++;
    }
    choice->check(which);
    printf("%s(%s) by %s or %s:", choice->method, data, choice->key, key);
    for (const arg_key_t *one = choice->keys; one->name != NULL; one++) {
        printf(" %s %x %x,", one->name, one->cases, one->needs);
    }
    printf("\n");
    return which;
}

static void paint_check(unsigned colour) {
    printf("has %u?\n", colour);
}

static mp_obj_t arg_get_in(mp_obj_t data, qstr key, unsigned cases, unsigned which) {
    (void)data;
    return cases >> which & 1 ? key : "none";
}

static void arg_dict(mp_obj_t data, const char *method, const char *const *keys) {
    printf("%s(%s):", method, data);
    for (; *keys != NULL; keys++) {
        printf(" %s", *keys);
    }
    printf("\n");
}

static mp_obj_t arg_get(mp_obj_t data, qstr key) {
    (void)data;
    return key;
}

static mp_obj_t arg_either(mp_obj_t first, mp_obj_t second) {
    printf("  %s or %s\n", first, second);
    return first;
}

static mp_obj_t arg_required(mp_obj_t data, mp_obj_t value, const char *method, const char *key, const char *const *keys) {
    printf("  %s(%s) needs %s (first key: %s)\n", method, data, key, keys[0]);
    return value;
}

static aliyun_iot_bytes arg_text(mp_obj_t value, const char *key) {
    printf("  text %s\n", key);
    return (aliyun_iot_bytes) { value };
}

static aliyun_iot_bytes arg_data(mp_obj_t value, const char *key) {
    printf("  data %s\n", key);
    return (aliyun_iot_bytes) { value };
}

static mp_int_t arg_int(mp_obj_t value, const char *key, mp_int_t min, mp_int_t max) {
    printf("  int %s = %s, %ld to %ld\n", key, value, min, max);
    return min;
}

static bool arg_bool(mp_obj_t value, const char *key, bool otherwise) {
    printf("  bool %s = %s, else %d\n", key, value, otherwise);
    return otherwise;
}

#include "generated/counts_args.h"
#include "generated/goods_args.h"
#include "generated/shelf_errors.h"
#include "generated/shelf_events.h"
#include "generated/shelf_table.h"
#include "generated/shelves_module.h"
#include "generated/shelves_table.h"

#define CLASS(name, prefix) printf("class %s, %s_type\n", #name, #prefix);
#define FIXED(function, name, count) printf("%s: %s, %d\n", #name, #function, count);
#define OPTIONAL(function, name, least, most) printf("%s: %s, %d to %d\n", #name, #function, least, most);
#define CONSTANT(name, value) printf("%s = %d\n", #name, value);

int main(void) {
    SHELVES_CLASSES(CLASS)
    SHELF_METHODS(FIXED, OPTIONAL)
    SHELVES_FUNCTIONS(FIXED, OPTIONAL)
    SHELF_EVENTS(CONSTANT)
    SHELF_VALUES(CONSTANT)
    printf("%d %d %d %d %d\n", SHELF_ON_ALARM, SHELF_ON_FULL, SHELF_LATER, SHELF_ON_COUNT, ERROR_BROKEN);
    put_args_t put;
    put_args("{}", &put);
    printf("%s %s %ld %d\n", put.name.data, put.label.data, put.count, put.heavy);
    const char *const colours[] = { "red", "blue" };
    for (int i = 0; i < 2; i++) {
        paint_args_t paint;
        paint_args(colours[i], &paint);
        printf("%u %s %ld %d\n", paint.colour, paint.name.data, paint.shade, paint.gloss);
    }
    find_args_t find;
    find_args("{}", &find);
    printf("%s\n", find.name.data);
    return 0;
}
