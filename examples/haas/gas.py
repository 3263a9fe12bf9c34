# 燃气报警：用 ADC 测量 MQ2 传感器的电压，每秒上报；电压过高时上报事件并亮灯。
# A gas alarm: the ADC measures an MQ2's voltage, which is reported each second; a high one is an event and lights the lamp.
import network
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import ADC, GPIO

wifiSsid = "your Wi-Fi"
wifiPassword = "your password"
ALARM_MV = 2000

iot_connected = False
device = Device()
led = GPIO()
mq2 = ADC()


def get_wifi_status():
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    if not wlan.isconnected():
        wlan.connect(wifiSsid, wifiPassword)
    while not wlan.isconnected():
        utime.sleep_ms(100)
    print("Wi-Fi 已连接：", wlan.ifconfig()[0])


def on_connect(data):
    global iot_connected
    iot_connected = True


led.open("led")
mq2.open("mq2")
get_wifi_status()
device.on(Device.ON_CONNECT, on_connect)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
print("物联网平台连接成功")

alarm = 0
while True:
    voltage = mq2.readVoltage()
    device.postProps({"params": ujson.dumps({"gasVoltage": voltage, "alarmLight": alarm})})
    if (voltage > ALARM_MV) != alarm:
        alarm = 1 - alarm
        led.write(alarm)
        if alarm:
            device.postEvent({"id": "gasAlarm", "params": ujson.dumps({"gasVoltage": voltage})})
        print("开始报警：" if alarm else "结束报警：", voltage)
    utime.sleep(1)
