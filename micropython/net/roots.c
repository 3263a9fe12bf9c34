// The trust roots that are built in.

#include "net/roots.h"
#include "generated/roots_data.h"

#define ENTRY(array) { array, sizeof(array) },

root_t root_get(size_t index) {
    static const root_t roots[] = { ALIYUN_IOT_ROOTS(ENTRY) { NULL, 0 } };
    return roots[index];
}

#define COUNT(array) + 1

size_t roots_count(void) {
    return 0 ALIYUN_IOT_ROOTS(COUNT);
}
