"""Scripts of the three generations of `aliyun`: the same few names for what each calls in its own way."""

from micropython import Script

BEGIN = """
import gc, os, time
from luatos import aliyun, sys
from credentials import device_name as name, device_secret as secret, product_key as key, product_secret

USER = "/%s/%s/user/" % (key, name)
said = []

def note(event):
    def noted(*arguments):
        said.append(event)
        print(event, *arguments)
    return noted

def until(event, count=1):
    while said.count(event) < count:
        time.sleep_ms(5)

async def later(event, count=1):
    while said.count(event) < count:
        await sys.wait(5)

def run(task):
    async def all():
        await task()
        raise SystemExit
    sys.taskInit(all)
    sys.run()

def attempt(function, *arguments, **more):
    try:
        print(function(*arguments, **more))
    except Exception as error:
        print(type(error).__name__, error)

def listen(device, *more):
    for event in ("auth", "connect", "reconnect", "receive", "error") + more:
        device.on(event, note(event))
"""

# What makes an object of the generation, sets it up, and publishes; and what is called before it.
OBJECTS = {
    "Air": """
class Its:
    make = aliyun.Air

    def start(device, name=name, secret=secret, isssl=None, host=None, port=1883):
        device.setConnectMode("direct", host, port, isssl=isssl)
        device.setup(key, None, lambda: name, lambda: secret)

    def send(device, topic, payload, qos=0, callback=None, argument=None):
        device.publish(topic, payload, qos, callback, argument)
""",
    "2023": """
class Its:
    make = aliyun.Soc2023

    def start(device, name=name, secret=secret, isssl=None, host=None, port=None):
        device.confiDentialTask(name, key, secret, host, port, isssl)

    def send(device, topic, payload, qos=0, callback=None, argument=None):
        device.publish(topic, qos, payload)
""",
    "2024": """
class Its:
    make = aliyun.Soc2024

    def start(device, name=name, secret=secret, isssl=None, host=None, port=None):
        about = {"DeviceName": name, "ProductKey": key, "DeviceSecret": secret, "InstanceId": "", "RegionId": "cn-shanghai"}
        device.setup(dict(about, mqtt_host=host, mqtt_port=port, mqtt_isssl=isssl))

    def send(device, topic, payload, qos=0, callback=None, argument=None):
        device.publish(topic, qos, payload, callback, argument)
""",
}
ALL = list(OBJECTS)

CONNECTED = """
device = Its.make()
listen(device)
Its.start(device)
until("connect")
"""


def text(generation, body, connected=True):
    return BEGIN + OBJECTS[generation] + (CONNECTED if connected else "") + body


def start(cloud, device, generation, body, connected=True, **options):
    return Script(text(generation, body, connected), cloud, device, **options)


def ends_well(script):
    code = script.wait()
    assert (code, script.errors) == (0, ""), f"{code} {script.lines} {script.errors}"
    return script.lines


def result(cloud, device, generation, body, connected=True, **options):
    """The lines of a script that ends by itself."""
    with start(cloud, device, generation, body, connected, **options) as script:
        return ends_well(script)


def own(device, end):
    return f"/{device['productKey']}/{device['deviceName']}/user/{end}"


def received(generation, topic, qos, payload):
    """The line for a message: each generation has an order of its own."""
    return f"receive {topic} {payload} {qos} 0 0" if generation == "2024" else f"receive {topic} {qos} {payload}"
