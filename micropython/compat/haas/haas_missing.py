"""Modules of HaaS firmware that have no counterpart: importing one says what there is instead."""

_PAGE = "docs/from-haas.md"
_INSTEAD = {
    "audio": "use machine.I2S",
    "display": "install a driver for the panel, such as ssd1306 or st7789",
    "display_driver": "install a driver for the panel, such as ssd1306 or st7789",
    "haaseduk1": "install a driver for each sensor of the board",
    "http": "install requests: mip.install('requests')",
    "iot": "write: from aliyunIoT import Device",
    "linkkit": "write: from aliyunIoT import Device",
    "lvgl": "build firmware with lv_micropython",
    "modbus": "install a Modbus package, on driver.UART",
    "modem.sms": "send AT commands to a modem over driver.UART",
    "modem.voiceCall": "send AT commands to a modem over driver.UART",
    "net": "use modem.net",
    "oss": "use Device.uploadFile or Device.uploadContent",
    "speech_utils": "use machine.I2S",
    "uai": "have the cloud do it: upload with Device.uploadContent, receive with ON_SERVICE",
    "ucamera": "build firmware with a camera driver",
}


def refuse(name):
    raise ImportError("there is no '%s' here: %s (%s)" % (name, _INSTEAD[name], _PAGE))
