typedef enum { SPI1_HOST, SPI2_HOST } spi_host_device_t;
