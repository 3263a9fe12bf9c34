// What docs/c-abi.md promises, tried without a network: this program plays the server, byte by byte.
// `contract` lists the checks, `contract name` runs one. Memory has its exact size, so that valgrind sees a byte too far.
#include "families.h"

static void size(void) { printf("%zu\n", aliyun_iot_device_size()); }

static const check of_the_device[] = {
    CHECK(size),
    {NULL, NULL},
};

#define LIST(family) family##_checks,
static const check *const families[] = { FAMILIES(LIST) of_the_device };

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        for (const check *one = families[i]; one->name; one++) {
            if (argc < 2) {
                puts(one->name);
            } else if (!strcmp(argv[1], one->name)) {
                one->run();
                return 0;
            }
        }
    }
    return argc < 2 ? 0 : 2;
}
