#ifndef TESTS_SHAPES_ESP_ERR_H
#define TESTS_SHAPES_ESP_ERR_H

typedef int esp_err_t;

#define ESP_OK (0)
void esp_stop(esp_err_t error);
#define ESP_ERROR_CHECK(call) do { esp_err_t error_ = (call); if (error_ != ESP_OK) esp_stop(error_); } while (0)

#endif
