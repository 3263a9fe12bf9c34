"""`from ulinksdk.aliyunIoT import Device`, as scripts for HaaS's STM32 firmware write it."""

from aliyunIoT import Device as Device
