// Connects over TLS, uploads a file of a megabyte, closes: `upload host port`. For valgrind and the sanitizers.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bsd_port.h"
#include "tls_mbedtls.h"

#define SIZE (1000003)
#define BLOCK (65536)
// A handshake takes seconds under valgrind, and is not to be given up for that.
#define PATIENCE_S (120)

static uint8_t *file, *tx, *rx, *topics, roots[16384];
static aliyun_iot_device *device;
static bsd_port port;
static tls_mbedtls_config trusted;
static tls_mbedtls tls;
static bool closed, uploaded;

static void tell(void *context, const aliyun_iot_event *event) {
    (void)context;
    switch (event->kind) {
        case ALIYUN_IOT_EVENT_UPLOAD_BLOCK: {
            aliyun_iot_buffer place;
            if (aliyun_iot_upload_place(device, &place)) {
                memcpy(place.data, file + event->as.upload.block.offset, place.len);
                aliyun_iot_upload_filled(device, bsd_port_now_ms());
            }
            break;
        }
        case ALIYUN_IOT_EVENT_UPLOAD_DONE:
            uploaded = true;
            aliyun_iot_close(device, bsd_port_now_ms());
            break;
        case ALIYUN_IOT_EVENT_UPLOAD_FAILED:
            printf("failed %d %d\n", (int)event->as.upload.failed.cause, (int)event->as.upload.failed.code);
            aliyun_iot_close(device, bsd_port_now_ms());
            break;
        case ALIYUN_IOT_EVENT_CONNECTION_CLOSED:
            closed = true;
            break;
        default:
            break;
    }
}

int main(int argc, char **argv) {
    FILE *certificates = fopen(getenv("SSL_CERT_FILE"), "rb");
    size_t len = certificates ? fread(roots, 1, sizeof roots - 1, certificates) + 1 : 0;
    if (argc < 3 || len == 0 || tls_mbedtls_config_init(&trusted, roots, len) != 0) {
        return 2;
    }
    fclose(certificates);
    // All on the heap and no larger than told, so that a byte too far is seen.
    size_t size = aliyun_iot_device_size();
    uint8_t *memory = malloc(size);
    file = malloc(SIZE), tx = malloc(BLOCK + 2048), rx = malloc(1024), topics = malloc(256);
    for (size_t i = 0; i < SIZE; i++) {
        file[i] = (uint8_t)(i * i >> 7);
    }
    aliyun_iot_buffers buffers = { { rx, 1024 }, { tx, BLOCK + 2048 }, { topics, 256 } };
    if (aliyun_iot_init((aliyun_iot_buffer){ memory, size }, &buffers, 1, &device) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    tls_mbedtls_init(&tls, &trusted);
    bsd_port_init(&port, device, &tls.tls, NULL);
    port.tell = tell;
    aliyun_iot_aliyun_login login = {
        .identity = { .product_key = aliyun_iot_str(getenv("ALIYUN_PRODUCT_KEY")),
            .device_name = aliyun_iot_str(getenv("ALIYUN_DEVICE_NAME")) },
        .server = { .host = aliyun_iot_str(argv[1]), .port = (uint16_t)atoi(argv[2]) },
        .device_secret = aliyun_iot_str(getenv("ALIYUN_DEVICE_SECRET")),
    };
    aliyun_iot_options options = { .connect_timeout = PATIENCE_S };
    uint64_t crc = aliyun_iot_crc64(0, (aliyun_iot_bytes){ file, SIZE });
    if (aliyun_iot_connect_aliyun(device, &login, &options, bsd_port_now_ms()) != ALIYUN_IOT_STATUS_OK
        || aliyun_iot_upload(device, aliyun_iot_str("file.bin"), SIZE, crc, BLOCK) != ALIYUN_IOT_STATUS_OK) {
        return 2;
    }
    while (!closed) {
        bsd_port_turn(&port, UINT32_MAX);
    }
    bsd_port_close(&port);
    aliyun_iot_drop(device);
    tls_mbedtls_free(&tls);
    tls_mbedtls_config_free(&trusted);
    free(memory), free(file), free(tx), free(rx), free(topics);
    return uploaded ? 0 : 1;
}
