#include "bsd_task.h"

#if BSD_TASK_TLS
#include "tls_mbedtls.h"
#endif

#if BSD_TASK_RX_SIZE < 512 || BSD_TASK_TX_SIZE < 1024 || BSD_TASK_TOPICS_SIZE < 64
#error "BSD_TASK_RX_SIZE must be 512 or more, BSD_TASK_TX_SIZE 1024 or more, and BSD_TASK_TOPICS_SIZE 64 or more"
#endif

static uint64_t memory[2816 / sizeof(uint64_t)];
static uint8_t rx[BSD_TASK_RX_SIZE], tx[BSD_TASK_TX_SIZE], topics[BSD_TASK_TOPICS_SIZE];
static bsd_shared shared;

// ---- The thread ----

static void body(void *unused) {
    (void)unused;
    bsd_shared_run(&shared);
}

#if defined(BSD_OS_HEADER)

#define start_thread() bsd_thread_start(body)

#elif BSD_OS_ZEPHYR

K_THREAD_STACK_DEFINE(task_stack, BSD_TASK_STACK);
static struct k_thread task;

static void task_body(void *first, void *second, void *third) {
    (void)second;
    (void)third;
    body(first);
}

static bool start_thread(void) {
    k_thread_create(&task, task_stack, K_THREAD_STACK_SIZEOF(task_stack), task_body, NULL, NULL, NULL, BSD_TASK_PRIORITY, 0,
        K_NO_WAIT);
    k_thread_name_set(&task, "aliyun_iot");
    return true;
}

#elif BSD_OS_FREERTOS

static void task_body(void *argument) {
    body(argument);
    vTaskDelete(NULL); // a task must not return
}

static bool start_thread(void) {
    return xTaskCreate(task_body, "aliyun_iot", BSD_TASK_STACK / sizeof(StackType_t), NULL, BSD_TASK_PRIORITY, NULL) == pdPASS;
}

#else

static void *task_body(void *argument) {
    body(argument);
    return NULL;
}

static bool start_thread(void) {
    pthread_t thread;
    return pthread_create(&thread, NULL, task_body, NULL) == 0 && pthread_detach(thread) == 0;
}

#endif

// ---- TLS ----

#if BSD_TASK_TLS

static tls_mbedtls_config trusted;
static tls_mbedtls tls[BSD_TASK_HTTPS ? ALIYUN_IOT_LINKS : 1];

static bool prepare_tls(const uint8_t *roots, size_t roots_len) {
    if (tls_mbedtls_config_init(&trusted, roots, roots_len) != 0) {
        tls_mbedtls_config_free(&trusted);
        return false;
    }
    for (size_t i = 0; i < sizeof tls / sizeof tls[0]; i++) {
        tls_mbedtls_init(&tls[i], &trusted);
    }
    return true;
}

#define SESSION_TLS (&tls[ALIYUN_IOT_LINK_SESSION].tls)
#if BSD_TASK_HTTPS
#define HTTP_TLS (&tls[ALIYUN_IOT_LINK_HTTP].tls)
#else
#define HTTP_TLS (NULL)
#endif

#else

static bool prepare_tls(const uint8_t *roots, size_t roots_len) {
    (void)roots;
    (void)roots_len;
    return true;
}

#define SESSION_TLS (NULL)
#define HTTP_TLS (NULL)

#endif

bsd_shared *bsd_task_start(void (*tell)(void *context, const aliyun_iot_event *event), void *context, const uint8_t *roots,
    size_t roots_len) {
    const aliyun_iot_buffers buffers = { { rx, sizeof rx }, { tx, sizeof tx }, { topics, sizeof topics } };
    const aliyun_iot_buffer place = { (uint8_t *)memory, sizeof memory };
    aliyun_iot_device *device;
    uint32_t seed;
    if (!bsd_port_seed(&seed) || aliyun_iot_init(place, &buffers, seed, &device) != ALIYUN_IOT_STATUS_OK
        || !prepare_tls(roots, roots_len)) {
        return NULL;
    }
#if BSD_TASK_LATER_SIZE > 0
    static uint8_t later[BSD_TASK_LATER_SIZE];
    const aliyun_iot_buffer kept = { later, sizeof later };
    aliyun_iot_keep_later(device, kept);
#endif
    if (!bsd_shared_init(&shared, device, SESSION_TLS, HTTP_TLS, tell, context)) {
        return NULL;
    }
    if (!start_thread()) {
        bsd_shared_free(&shared);
        return NULL;
    }
    return &shared;
}
