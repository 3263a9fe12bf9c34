// Words for statuses, losses and kinds of events.
#include "server.h"
#include "families.h"

static void words_for_every_number(void) {
    static const aliyun_iot_status statuses[] = {
        STATUS(OK), STATUS(NOT_CONNECTED), STATUS(FULL), STATUS(TOO_LARGE), STATUS(ALREADY_CONNECTED), STATUS(NO_SERVICE),
        STATUS(LEFT_OUT), STATUS(GIVEN_UP), STATUS(NULL), STATUS(JSON), STATUS(NESTING), STATUS(MEMORY), STATUS(HOST),
        STATUS(CLIENT_ID), STATUS(KEEPALIVE), STATUS(TOPIC), STATUS(FILTER_TOO_LONG), STATUS(QOS),
        STATUS(PAYLOAD), STATUS(EVENT_ID), STATUS(FILE_NAME), STATUS(FILE_SIZE), STATUS(BLOCK), STATUS(ALIYUN_PRODUCT_KEY),
        STATUS(ALIYUN_DEVICE_NAME), STATUS(ALIYUN_DEVICE_SECRET), STATUS(ALIYUN_DEVICE_TOKEN), STATUS(ALIYUN_PRODUCT_SECRET),
        STATUS(ALIYUN_REGION), STATUS(ALIYUN_INSTANCE_ID), STATUS(ALIYUN_SIGN_METHOD), STATUS(ALIYUN_AUTH_TYPE),
        STATUS(ALIYUN_TOPIC_LENGTH), STATUS(ALIYUN_TOPIC_LEVELS), STATUS(ALIYUN_TOPIC_OWNER), STATUS(PLAIN_USER_NAME),
        STATUS(LOGIN_TOO_LONG), STATUS(SERVICE_ID), STATUS(VENDOR_PRODUCT_ID), STATUS(VENDOR_DEVICE_NAME), STATUS(VENDOR_DEVICE_SECRET),
        STATUS(VENDOR_PRODUCT_SECRET), STATUS(VENDOR_SIGN_METHOD), STATUS(VENDOR_REGION), STATUS(VENDOR_INSTANCE_ID),
        STATUS(VENDOR_SERVICE_ID), STATUS(VENDOR_CERTIFICATE), STATUS(VENDOR_CLOCK), STATUS(VENDOR_SUBSCRIPTIONS),
    };
    const char *unknown = aliyun_iot_status_text(1);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const char *words = aliyun_iot_status_text(statuses[i]);
        EXPECT(strlen(words) > 3 && words != unknown);
        for (size_t k = 0; k < i; k++) EXPECT(words != aliyun_iot_status_text(statuses[k]));
    }
    EXPECT(strstr(aliyun_iot_status_text(STATUS(ALIYUN_REGION)), "region") && strstr(aliyun_iot_status_text(STATUS(NOT_CONNECTED)), "not connected"));
    for (int loss = 0; loss <= 5; loss++)
        for (int code = -3; code < 11; code++) EXPECT(strlen(aliyun_iot_loss_text(loss, code)) > 3);
    EXPECT(strstr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_REFUSED, 4), "password"));
    EXPECT(strstr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_PEER, 6), "does not answer"));
}

// A packet identifier, say, given to a function of words by mistake.
static void words_for_unknown_numbers(void) {
    static const int32_t numbers[] = {1, 7, -15, -0x1f, -0xf0, -0x1ff, -0x200, -0x1001, 65535, INT32_MAX, INT32_MIN};
    const char *unknown = aliyun_iot_status_text(numbers[0]);
    EXPECT(strlen(unknown) > 3);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        EXPECT(aliyun_iot_status_text(numbers[i]) == unknown && aliyun_iot_event_name(numbers[i]) == unknown);
        if (numbers[i] != 1) EXPECT(strlen(aliyun_iot_loss_text(numbers[i], 0)) > 3);
        EXPECT(aliyun_iot_type_size(numbers[i] == 1 || numbers[i] == 7 ? 15 : numbers[i]) == 0);
    }
}

const check words_checks[] = {
    CHECK(words_for_every_number),
    CHECK(words_for_unknown_numbers),
    {NULL, NULL},
};
