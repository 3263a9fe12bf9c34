"""The name that HaaS's STM32 firmware had for the package around `aliyunIoT`."""
