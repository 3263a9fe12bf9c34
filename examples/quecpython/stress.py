# 压力测试：在同一个对象上反复连接、断开、订阅和收发消息。所有方法都可以重复调用，不会泄漏句柄或内存。
# A stress test: connect, disconnect, subscribe, publish and receive again and again with one object. Every method can be called
# again; no handle and no memory is lost.
import utime
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key

ROUNDS = 100000
TOPIC = "/%s/%s/user/update" % (product_key, device_name)
received = 0


def on_message(topic, msg):
    global received
    received += 1


ali = aLiYun(product_key, None, device_name, device_secret)
for number in range(1, ROUNDS + 1):
    results = [ali.setMqtt(device_name, clean_session=True, keepAlive=60)]
    # 已连接时再次调用，换一种会话。 Again while connected, with the other kind of session.
    results.append(ali.setMqtt(device_name, clean_session=False, keepAlive=60))
    ali.disconnect()
    results.append(ali.setMqtt(device_name, clean_session=False, keepAlive=60))
    ali.setCallback(on_message)
    results.append(ali.subscribe(TOPIC))
    ali.publish(TOPIC, "round %d" % number)
    ali.start()
    for _ in range(100):
        if received == number:
            break
        utime.sleep_ms(50)
    ali.disconnect()
    if results != [0, 0, 0, 0] or received != number:
        print("第 %d 轮失败：" % number, results, received)
        break
    print("第 %d 轮完成" % number)
