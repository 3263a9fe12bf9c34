// Does the build have clouds beside Alibaba's? A native module for a board without PSRAM has no byte to spare for them.
#ifndef ALIYUN_IOT_BASE_OTHERS_H
#define ALIYUN_IOT_BASE_OTHERS_H

// Those that have the time signed, and registrations of their own.
#if ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_onenet && ALIYUN_IOT_WITHOUT_huawei && ALIYUN_IOT_WITHOUT_tuya \
    && ALIYUN_IOT_WITHOUT_baidu && ALIYUN_IOT_WITHOUT_tlink
#define ALIYUN_IOT_HAS_VENDORS (0)
#else
#define ALIYUN_IOT_HAS_VENDORS (1)
#endif

// Those where a device can have a certificate of its own.
#if ALIYUN_IOT_WITHOUT_tencent && ALIYUN_IOT_WITHOUT_huawei && ALIYUN_IOT_WITHOUT_baidu && ALIYUN_IOT_WITHOUT_tlink \
    && ALIYUN_IOT_WITHOUT_plain
#define ALIYUN_IOT_HAS_CERTIFICATES (0)
#else
#define ALIYUN_IOT_HAS_CERTIFICATES (1)
#endif

// Any of them.
#define ALIYUN_IOT_HAS_OTHERS (ALIYUN_IOT_HAS_VENDORS || ALIYUN_IOT_HAS_CERTIFICATES)

#endif
