// Prints what the generated tables of the sample say. The parsers call the functions below in the place of those of
// micropython/base/args.h: each prints its arguments.

#include <stdbool.h>
#include <stdio.h>

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

#include "counts_args.h"
#include "goods_args.h"
#include "shelf_errors.h"
#include "shelf_events.h"
#include "shelf_table.h"
#include "shelves_module.h"
#include "shelves_table.h"

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
    find_args_t find;
    find_args("{}", &find);
    printf("%s\n", find.name.data);
    return 0;
}
