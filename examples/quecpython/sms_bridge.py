# 串口、短信与云平台互通：平台的消息写到串口并发送短信，串口数据每 0.2 秒上报一次。设备密钥由动态注册获得（一型一密）。
# A bridge between a serial port, text messages and the cloud: what the platform sends goes to the port and out as a text
# message; what the port receives is published every 0.2 seconds. The device gets its secret by registration.
import checkNet
import sms
import utime
from aLiYun import aLiYun
from credentials import device_name, product_key, product_secret
from machine import UART

PHONE = "10086"
HOURS = 2
TOPIC = "/%s/%s/user/" % (product_key, device_name)

uart = UART(UART.UART2, 115200, 8, 0, 1, 0)


def on_message(topic, msg):
    # 可能需要几秒钟，其间的消息会等待。 It may take seconds; messages wait meanwhile.
    uart.write(msg)
    sms.sendTextMsg(PHONE, msg.decode(), "UCS2")


stage, code = checkNet.wait_network_connected(30)
print("联网：", stage, code)
ali = aLiYun(product_key, product_secret, device_name, None)
if ali.setMqtt("%s.%s" % (product_key, device_name), clean_session=False, keepAlive=120) == 0:
    ali.setCallback(on_message)
    ali.subscribe(TOPIC + "get")
    ali.start()
    begin = utime.time()
    while utime.time() - begin < HOURS * 3600:
        if uart.any():
            ali.publish(TOPIC + "update", uart.read(uart.any()).decode())
        utime.sleep_ms(200)
    ali.disconnect()
    print("已断开")
