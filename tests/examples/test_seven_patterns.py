"""The seven patterns that some twenty public scripts for HaaS firmware are made of, each as such a script has it."""

import json

import pytest

from micropython import Script


def start(cloud, device, text, **options):
    """A script that begins as those do: five keys, the keepalive at 60."""
    begin = f"""
# -*- coding: UTF-8 -*-
from aliyunIoT import Device
import utime
import ujson

productKey = "{device["productKey"]}"
deviceName = "{device["deviceName"]}"
deviceSecret = "{device["deviceSecret"]}"
key_info = {{
    'region': 'cn-shanghai',
    'productKey': productKey,
    'deviceName': deviceName,
    'deviceSecret': deviceSecret,
    'keepaliveSec': 60
}}
"""
    return Script(begin + text, cloud, **options)


def ends_well(script):
    assert script.wait() == 0
    assert script.errors == ""


@pytest.mark.parametrize("wait", ["utime.sleep(1)", "utime.sleep_ms(100)", "pass"])
def test_1_a_flag_is_waited_for(cloud, device, wait):
    """`on`, `on`, `connect`, and a loop that looks at a flag: with a sleep of a second, a short one, or none."""
    with start(
        cloud,
        device,
        f"""
iot_connected = False
led = 0

def on_connect(data):
    global iot_connected
    print('物联网平台连接成功')
    iot_connected = True

def on_props(request):
    global led
    led = ujson.loads(request['params'])['led']

device = Device()
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_PROPS, on_props)
device.connect(key_info)
while True:
    if iot_connected:
        break
    else:
        {wait}
print('进入循环')
while not led:
    {wait}
print('led', led)
device.end()
""",
    ) as script:
        script.wait_line("进入循环")
        cloud.do("set", device=device["deviceName"], params={"led": 1})
        ends_well(script)
    assert script.lines == ["物联网平台连接成功", "进入循环", "led 1"]
    assert cloud.wait_seen(kind="login", device=device["deviceName"])["keepalive"] == 60
    assert cloud.wait_seen(kind="set_reply", device=device["deviceName"])["code"] == 200


@pytest.mark.parametrize("read", ["ujson.loads", "eval"])
def test_2_posts_from_callbacks_and_for_ever(cloud, device, read):
    """Four reports after connecting, six in one callback, one every second or two in the main loop."""
    with start(
        cloud,
        device,
        f"""
up = []
rounds = 0

def post(values):
    return device.postProps({{'params': ujson.dumps(values)}})

def on_props(request):
    values = {read}(request['params'])
    print([post({{key: values[key]}}) for key in sorted(values)])

device = Device()
device.on(device.ON_CONNECT, up.append)
device.on(device.ON_PROPS, on_props)
device.connect(key_info)
while not up:
    utime.sleep_ms(50)
print([post({{'state%d' % n: n}}) for n in range(4)])
while rounds < 3:
    rounds += 1
    post({{'temperature': 20 + rounds}})
    utime.sleep(1)
device.end()
""",
    ) as script:
        cloud.wait_seen(lambda record: "state3" in record["params"], kind="property_post", device=device["deviceName"])
        cloud.do("set", device=device["deviceName"], params={name: 1 for name in "abcdef"})
        ends_well(script)
    assert script.lines == ["[0, 0, 0, 0]", "[0, 0, 0, 0, 0, 0]"]
    posts = [record["params"] for record in cloud.seen(kind="property_post", device=device["deviceName"])]
    others = [post for post in posts if "temperature" not in post]
    assert others == [{f"state{n}": n} for n in range(4)] + [{name: 1} for name in "abcdef"]
    assert [post for post in posts if post not in others] == [{"temperature": 20 + n} for n in (1, 2, 3)]


def test_3_methods_of_objects_made_at_import(cloud, device, tmp_path):
    """A class whose hidden methods are the callbacks, and a Device made before there is a network."""
    with start(
        cloud,
        device,
        """
class Lamp(object):
    def __init__(self):
        self.__connected = False
        self.__device = Device()
        self.__device.on(Device.ON_CONNECT, self.__on_connect)
        self.__device.on(Device.ON_SERVICE, self.__on_service)

    def __on_connect(self, data):
        self.__connected = True

    def __on_service(self, request):
        print(request['service_id'], ujson.loads(request['params']))
        self.done = True

    def run(self):
        self.done = False
        self.__device.connect(key_info)
        while not self.__connected:
            utime.sleep_ms(50)
        print('connected')
        while not self.done:
            utime.sleep_ms(50)
        self.__device.end()

lamp = Lamp()
utime.sleep_ms(300)  # the network comes up
lamp.run()
""",
    ) as script:
        script.wait_line("connected")
        cloud.do("service", device=device["deviceName"], service="Blink", params={"times": 3})
        ends_well(script)
    assert script.lines == ["connected", "Blink {'times': 3}"]


def test_4_large_texts_and_slow_work(cloud, device):
    """An image of several KB as hexadecimal text, shown for a second in the callback; a main loop that blocks."""
    image = "00ff" * 2048
    with start(
        cloud,
        device,
        """
shown = []

def on_props(request):
    image = ujson.loads(request['params'])['image']
    utime.sleep(1)  # draws it
    shown.append(len(image))
    device.postProps({'params': ujson.dumps({'image': image})})

device = Device()
device.on(Device.ON_CONNECT, lambda data: print('connected'))
device.on(Device.ON_PROPS, on_props)
device.connect(key_info)
while not shown:
    utime.sleep(3)
print('shown', shown)
device.end()
""",
    ) as script:
        script.wait_line("connected")
        cloud.do("set", device=device["deviceName"], params={"image": image})
        ends_well(script)
    assert script.lines == ["connected", f"shown [{len(image)}]"]
    assert cloud.wait_seen(kind="property_post", device=device["deviceName"])["params"] == {"image": image}


def test_5_alink_of_its_own(cloud, device):
    """An event by `publish`, its id a number: the replies to it are nobody's, and disturb no callback."""
    with start(
        cloud,
        device,
        """
up = []

def told(data):
    print('told', data)

device = Device()
device.on(Device.ON_CONNECT, up.append)
for event in (Device.ON_SUBCRIBE, Device.ON_PROPS, Device.ON_SERVICE, Device.ON_ERROR, Device.ON_DISCONNECT):
    device.on(event, told)
device.connect(key_info)
while not up:
    utime.sleep_ms(50)
topic = '/sys/' + productKey + '/' + deviceName + '/thing/event/hex_event/post'
for value in range(3):
    message = {'id': 1, 'version': '1.0', 'params': {'value': value}}
    print(device.publish({'topic': topic, 'payload': ujson.dumps(message), 'qos': 1}))
    utime.sleep_ms(200)
device.end()
""",
    ) as script:
        ends_well(script)
    assert script.lines == ["0", "0", "0"]
    records = cloud.seen(kind="event_post", device=device["deviceName"])
    assert [record["answered"] for record in records] == [True] * 3
    assert [json.loads(record["payload"])["params"]["value"] for record in records] == [0, 1, 2]

def test_6_an_upload_named_in_an_event(cloud, device):
    """A picture goes up as a file; an event tells its id; what was seen on it comes to ON_SERVICE."""
    name = device["deviceName"]
    with start(
        cloud,
        device,
        """
up = []
plates = []

def on_service(request):
    if request['service_id'] == 'recognized':
        plates.append(eval(request['params'])['plate'])

device = Device()
device.on(Device.ON_CONNECT, up.append)
device.on(Device.ON_SERVICE, on_service)
device.connect(key_info)
while not up:
    utime.sleep_ms(50)
frame = bytearray(bytes(range(256)) * 40)
fileid = device.uploadContent('test.jpg', frame, None)
if fileid is not None:
    event = ujson.dumps({'fileid': fileid})
    print(device.postEvent({'id': 'picture', 'params': event}))
while not plates:
    utime.sleep(2)
print(plates)
device.end()
""",
    ) as script:
        event = cloud.wait_seen(kind="event_post", device=name)
        file = cloud.do("file", device=name, name="test.jpg")
        assert (file["upload"], file["hex"]) == (event["params"]["fileid"], (bytes(range(256)) * 40).hex())
        cloud.do("service", device=name, service="recognized", params={"plate": "A12345"})
        ends_well(script)
    assert script.lines == ["0", "['A12345']"]
    assert cloud.wait_seen(kind="service_reply", device=name)["code"] == 200


def test_7_registration_and_the_handle(cloud, device, tmp_path):
    """`register`, a busy wait for the secret, which `kv` has as well; the handle for `ota` once connected."""
    with start(
        cloud,
        device,
        f"""
import kv

deviceSecret = None
inits = []

def on_register(secret):
    global deviceSecret
    deviceSecret = secret

def on_connect(data):
    inits.append({{'device_handle': device.getDeviceHandle()}})

device = Device()
key = {{'productKey': productKey, 'deviceName': deviceName, 'productSecret': '{device["productSecret"]}'}}
print(kv.get('_amp_customer_devicesecret'))
print(device.register(key, on_register))
while deviceSecret is None:
    utime.sleep(0.2)
print(kv.get('_amp_customer_devicesecret') == deviceSecret)
key_info['deviceSecret'] = deviceSecret
device.on(Device.ON_CONNECT, on_connect)
device.connect(key_info)
while not inits:
    pass
print(inits[0]['device_handle'] > 0)
device.end()
""",
        env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")},
    ) as script:
        ends_well(script)
    assert script.lines == ["None", "0", "True", "True"]
