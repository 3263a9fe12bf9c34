// A device on ESP-IDF: it connects to the network, sets the clock, and posts a property every ten seconds from this task, while
// the component's task drives the device.
#include <stdio.h>

#include <esp_event.h>
#include <esp_netif.h>
#include <esp_netif_sntp.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <nvs_flash.h>
#include <protocol_examples_common.h>
#include <sdkconfig.h>

#include "bsd_task.h"

static bsd_shared *device;

// Runs in the component's task.
static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            puts("connected");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            puts("connection lost");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED: {
            aliyun_iot_loss loss = event->as.connection.failed.loss;
            const char *why = bsd_shared_words(device, event->as.connection.failed.link);
            printf("no connection: %s %s\n", aliyun_iot_loss_text(loss.cause, loss.code), why ? why : "");
            break;
        }
        case ALIYUN_IOT_EVENT_MODEL_REPLY:
            printf("post answered: %d\n", (int)event->as.model.reply.code);
            break;
        case ALIYUN_IOT_EVENT_CALL_PROPERTIES:
            printf("set: %.*s\n", (int)event->as.call.properties.params.len, (const char *)event->as.call.properties.params.data);
            bsd_shared_answer(device, 200, aliyun_iot_str("{}"));
            break;
        default:
            break;
    }
}

void app_main(void) {
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    // Without the time, every certificate is "not yet valid".
    esp_sntp_config_t sntp = ESP_NETIF_SNTP_DEFAULT_CONFIG("ntp.aliyun.com");
    ESP_ERROR_CHECK(esp_netif_sntp_init(&sntp));
    while (esp_netif_sntp_sync_wait(pdMS_TO_TICKS(10000)) != ESP_OK) {
        puts("waiting for the time");
    }

    device = bsd_task_start(tell, NULL, NULL, 0);
    if (device == NULL) {
        puts("no memory, or no socket");
        return;
    }
    aliyun_iot_aliyun_login login = { 0 };
    login.identity.product_key = aliyun_iot_str(CONFIG_EXAMPLE_PRODUCT_KEY);
    login.identity.device_name = aliyun_iot_str(CONFIG_EXAMPLE_DEVICE_NAME);
    login.device_secret = aliyun_iot_str(CONFIG_EXAMPLE_DEVICE_SECRET);
    if (sizeof CONFIG_EXAMPLE_INSTANCE_ID > 1) {
        login.identity.instance_id = aliyun_iot_str(CONFIG_EXAMPLE_INSTANCE_ID);
    }
    aliyun_iot_status status = bsd_shared_connect_aliyun(device, &login, NULL);
    if (status != ALIYUN_IOT_STATUS_OK) {
        printf("connect: %s\n", aliyun_iot_status_text(status));
        return;
    }
    for (unsigned count = 0;; count++) {
        char params[32];
        uint32_t id;
        snprintf(params, sizeof params, "{\"Counter\":%u}", count);
        if (bsd_shared_is_online(device)) {
            bsd_shared_post_properties(device, aliyun_iot_str(params), &id);
        }
        vTaskDelay(pdMS_TO_TICKS(10000));
    }
}
