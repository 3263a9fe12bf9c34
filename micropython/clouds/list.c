// The clouds, one line each, in the order of the table (micropython/bindings/src/table/clouds).

#include "clouds/aliyun.h"
#include "clouds/plain.h"
#include "clouds/vendor.h"

// A native module has those only that its library has (`cargo xtask natmod <arch> --with <cloud>`). One that is left out stands
// here by its name.
#define LEFT_OUT(name) { #name, 0, 0, NULL, NULL, NULL },
#define VENDOR(name, number) \
    { #name, ALIYUN_IOT_FEATURE_##number, ALIYUN_IOT_VENDOR_##number, vendor_fill, vendor_connect, vendor_key_of },

const cloud_t clouds_list[] = {
    { "aliyun", 0, 0, aliyun_fill, aliyun_connect, NULL },
    #if ALIYUN_IOT_WITHOUT_tencent
    LEFT_OUT(tencent)
    #else
    VENDOR(tencent, TENCENT)
    #endif
    #if ALIYUN_IOT_WITHOUT_onenet
    LEFT_OUT(onenet)
    #else
    VENDOR(onenet, ONENET)
    #endif
    #if ALIYUN_IOT_WITHOUT_huawei
    LEFT_OUT(huawei)
    #else
    VENDOR(huawei, HUAWEI)
    #endif
    #if ALIYUN_IOT_WITHOUT_tuya
    LEFT_OUT(tuya)
    #else
    VENDOR(tuya, TUYA)
    #endif
    #if ALIYUN_IOT_WITHOUT_baidu
    LEFT_OUT(baidu)
    #else
    VENDOR(baidu, BAIDU)
    #endif
    #if ALIYUN_IOT_WITHOUT_tlink
    LEFT_OUT(tlink)
    #else
    VENDOR(tlink, TLINK)
    #endif
    #if ALIYUN_IOT_WITHOUT_plain
    LEFT_OUT(plain)
    #else
    { "plain", ALIYUN_IOT_FEATURE_PLAIN, 0, plain_fill, plain_connect, NULL },
    #endif
};

#define COUNT(name) + 1
_Static_assert(sizeof(clouds_list) / sizeof(clouds_list[0]) == 0 CONNECT_CLOUDS(COUNT), "the list has a line for each cloud of the table");
