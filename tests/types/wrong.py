# Each line that says `# wrong` is refused by a type checker that reads the stubs, and no other line is.
from aliyunIoT import Device

device = Device()
device.on(Device.ON_CONNECT, print)
device.on("connect", print)  # wrong
device.on(Device.ON_CONNECT, 1)  # wrong
device.on(Device.ON_READY, print)  # wrong
device.connect({"productKey": "k", "deviceName": "n", "deviceSecret": "s", "keepaliveSec": 60})
device.connect({"productKey": "k", "deviceName": None, "deviceSecret": "s"})  # wrong
device.connect([])  # wrong
device.connect({"cloud": "tencent", "productId": "p", "deviceName": "n", "deviceSecret": "s", "signMethod": "hmacsha1"})
device.connect({"cloud": "plain", "host": "h", "userName": "n", "password": "s", "services": False})
device.connect({"cloud": "tencent", "productId": None, "deviceName": "n"})  # wrong
device.postProps({"params": {"a": 1}})
device.postProps({"params": '{"a": 1}'}, lambda reply: print(reply["code"]))
device.postProps({"params": [1]})  # wrong
device.postProps({"params": {}}, 5)  # wrong
device.postProps()  # wrong
device.postRaw({"param": b"x"})
device.postRaw({"params": bytearray(1)})
device.postRaw({"param": 1})  # wrong
device.subscribe({"topic": "/a", "qos": 1})
topic = {"topic": "/a", "qos": 1}
device.subscribe(topic)
device.publish({"topic": "/a", "qos": 1.5})  # wrong
device.subscribe("/a")  # wrong
device.reply(1, 200, {"a": 1})
device.reply(1, "200")  # wrong
device.getDeviceInfo()["region"]  # wrong
len(device.getDeviceHandle())  # wrong
device.close()  # wrong
with Device() as another:
    another.end()
