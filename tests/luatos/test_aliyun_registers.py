"""Registrations by LuatOS's `aliyun`: with a list and without, refused, and remembered."""

import pytest

from generations import BEGIN, OBJECTS
from micropython import Script, run

# How each way registers, and what it gets: a device secret, or a token without a list.
WAYS = {
    "Air": ("https", 'device.setup(key, product_secret, lambda: name, lambda: kept.get("secret"), keep)'),
    "Air, direct": ("register", 'device.setConnectMode("direct")\ndevice.setup(key, product_secret, lambda: name, lambda: kept.get("secret"), keep)'),
    "Air, unlisted": ("regnwl", 'device.setInstanceId("iot-instance")\ndevice.setup(key, product_secret, lambda: name, lambda: kept.get("secret"), keep)'),
    "2023": ("register", "device.operation(False, name, key, product_secret)"),
    "2023, unlisted": ("regnwl", 'device.operation(True, name, key, product_secret, "iot-instance")'),
    "2024": ("register", 'device.setup({"Registration": False, "DeviceName": name, "ProductKey": key, "ProductSecret": product_secret})'),
    "2024, unlisted": (
        "regnwl",
        'device.setup({"Registration": True, "DeviceName": name, "ProductKey": key, "ProductSecret": product_secret, "InstanceId": "iot-instance"})',
    ),
}
each = pytest.mark.parametrize("way", WAYS)

KEPT = """
kept = {}

def keep(secret):
    print("secret", len(secret))
    kept["secret"] = secret
"""


@pytest.fixture
def about(cloud, device, way):
    """A device that may register: one of the list, or a name for a product that needs no list."""
    # A product of its own, which a test may switch off.
    product = cloud.do("product", productKey="a1" + device["deviceName"].replace("-", ""), unlisted="unlisted" in way)["product"]
    if "unlisted" not in way:
        return cloud.new_device(productKey=product["productKey"])
    return {**device, **product, "deviceName": device["deviceName"] + "-new", "deviceSecret": None}


def text_of(way, body):
    generation = way.split(",")[0]
    return BEGIN + KEPT + OBJECTS[generation] + "device = Its.make()\nlisten(device)\n" + body.replace("ENTER", WAYS[way][1])


@each
def test_it_registers_once(cloud, about, way, tmp_path):
    """The second start finds the secret where the first one has put it."""
    body = 'ENTER\nuntil("connect")\ndevice.close()\n'
    for _ in range(2):
        script = run(text_of(way, body), cloud, about, env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
        # Air's own functions keep its secret; those here forget it, and the device remembers.
        keeps = ["secret 32"] if way in ("Air", "Air, direct") else []
        assert (script.code, script.lines, script.errors) == (0, [*keeps, "auth True", "connect True"], "")
    records = [record for record in cloud.seen(device=about["deviceName"]) if record["kind"] in ("registration", "login")]
    assert [(record["kind"], record["ok"]) for record in records] == [("registration", True), ("login", True), ("login", True)]
    assert records[0]["way"] == WAYS[way][0]


@each
def test_a_refused_registration_is_told_and_tried_again(cloud, about, way):
    body = """
from luatos import aliyun_link
aliyun_link._REGISTER_AGAIN_MS = 50
ENTER
run(lambda: later("connect", 2))
"""
    text = text_of(way, body)
    cloud.do("product", productKey=about["productKey"], dynamic=False)
    with Script(text, cloud, about) as script:
        script.wait_line("auth False", after=4)
        cloud.do("product", productKey=about["productKey"], dynamic=True, **({"unlisted": True} if "unlisted" in way else {}))
        script.wait_line("connect True")
        assert script.wait() == 0 and script.errors == ""
    lines = [line for line in script.lines if not line.startswith("secret")]
    assert lines[1:4] == ["auth False", "connect False", "reconnect"]
    refused = lines.count("auth False")
    assert refused >= 2 and len([line for line in lines if line.startswith("error")]) == refused
    assert [line for line in lines[4:] if not line.startswith("error") and line != "auth False"] == ["auth True", "connect True"]


@pytest.mark.parametrize("way", ["2024", "2024, unlisted"])
@pytest.mark.parametrize("entry", ["setup", "clientGetDirectDataTask"])
def test_2024_tells_what_it_got_and_takes_it_back(cloud, about, way, entry):
    """As L2 and L4 have it: what `store` and the getters give logs in, where the device itself has forgotten it."""
    body = """
import kv
print(device.store())
print(device.getDeviceSecret(), device.getDeviceToken(), device.getClientid())
ENTER
until("connect")
stored = device.store()
unlisted = stored["deviceSecret"] is None
print(stored["deviceName"] == name, stored["productKey"] == key, unlisted)
print(stored["deviceSecret"] == device.getDeviceSecret(), stored["deviceToken"] == device.getDeviceToken(), stored["clientid"] == device.getClientid())
print([len(value or "") > 8 for value in (stored["deviceSecret"], stored["deviceToken"], stored["clientid"])])
for more in ("", "/clientId"):
    kv.remove("%s/%s%s" % (key, name, more))
"""
    if entry == "setup":
        body += """
about = {"Registration": unlisted, "DeviceName": name, "ProductKey": key, "ProductSecret": product_secret, "reginfo": True}
if unlisted:
    about.update(clientId=stored["clientid"], deviceToken=stored["deviceToken"])
else:
    about["deviceSecret"] = stored["deviceSecret"]
device.setup(about)
"""
    else:
        body += """
device.clientGetDirectDataTask(name, key, None, None, None, unlisted, stored["deviceSecret"], stored["deviceToken"], stored["clientid"])
"""
    body += """
until("connect", 3)
print(device.getDeviceSecret(), device.getDeviceToken(), device.getClientid())
for name in ("ProductKey", "DeviceName", "deviceSecret", "deviceToken", "clientid"):
    kv.remove(name)
print(set(device.store().values()))
device.close()
"""
    script = run(text_of(way, body), cloud, about)
    assert (script.code, script.errors) == (0, "")
    unlisted = "unlisted" in way
    assert script.lines[1:4] == ["None None None", "auth True", "connect True"]
    assert script.lines[4:7] == [f"True True {unlisted}", "True True True", str([not unlisted, unlisted, unlisted])]
    assert script.lines[7:] == ["connect False", "auth True", "connect True", "None None None", "{None}"]
    kinds = [record["kind"] for record in cloud.seen(device=about["deviceName"]) if record["kind"] in ("registration", "login")]
    assert kinds == ["registration", "login", "login"]


@pytest.mark.parametrize("way", ["2024", "2024, unlisted"])
def test_2024_gives_what_it_got_to_a_listener_instead(cloud, about, way):
    body = """
device.on("reg", lambda result: print("reg", sorted(result)))
ENTER
until("connect")
print(set(device.store().values()))
device.close()
"""
    script = run(text_of(way, body), cloud, about)
    keys = ["clientId", "deviceName", "deviceToken", "productKey"] if "unlisted" in way else ["deviceName", "deviceSecret", "productKey"]
    assert (script.code, script.lines, script.errors) == (0, [f"reg {keys}", "auth True", "connect True", "{None}"], "")


@pytest.mark.parametrize("way", ["Air", "Air, direct"])
def test_air_registers_if_the_scripts_secret_is_refused(cloud, about, way):
    """A module's serial number is something before it is a secret."""
    body = 'kept["secret"] = "0" * 20\nENTER\nrun(lambda: later("connect"))\n'
    script = run(text_of(way, body), cloud, about)
    assert (script.code, script.errors) == (0, "")
    assert script.lines[0].startswith("error 4 ") and script.lines[1:] == ["secret 32", "auth True", "connect True"]
