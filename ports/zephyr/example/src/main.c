// A device on Zephyr: it posts a property every ten seconds from this thread, while the module's thread drives the device.
#include <stdio.h>

#include <zephyr/kernel.h>

#include "bsd_task.h"

static bsd_shared *device;

// Runs in the module's thread.
static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_CONNECTION_UP:
            printk("connected\n");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_LOST:
            printk("connection lost\n");
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_FAILED: {
            aliyun_iot_loss loss = event->as.connection.failed.loss;
            const char *why = bsd_shared_words(device, event->as.connection.failed.link);
            printk("no connection: %s %s\n", aliyun_iot_loss_text(loss.cause, loss.code), why ? why : "");
            break;
        }
        case ALIYUN_IOT_EVENT_MODEL_REPLY:
            printk("post answered: %d\n", (int)event->as.model.reply.code);
            break;
        case ALIYUN_IOT_EVENT_CALL_PROPERTIES:
            printk("set: %.*s\n", (int)event->as.call.properties.params.len, (const char *)event->as.call.properties.params.data);
            bsd_shared_answer(device, 200, aliyun_iot_str("{}"));
            break;
        default:
            break;
    }
}

int main(void) {
    device = bsd_task_start(tell, NULL, NULL, 0);
    if (device == NULL) {
        printk("no memory, or no descriptor\n");
        return 0;
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
        printk("connect: %s\n", aliyun_iot_status_text(status));
        return 0;
    }
    for (unsigned count = 0;; count++) {
        char params[32];
        uint32_t id;
        snprintf(params, sizeof params, "{\"Counter\":%u}", count);
        if (bsd_shared_is_online(device)) {
            bsd_shared_post_properties(device, aliyun_iot_str(params), &id);
        }
        k_sleep(K_SECONDS(10));
    }
}
