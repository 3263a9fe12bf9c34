"""Is a callback that cannot do its work told where it is given, and one that does not fit by its name and its event's?"""

import pytest

from micropython import Script, run
from scripts import script, user_topic

ASYNC = """
import asyncio


async def coroutine(data):
    pass


def generator(data):
    yield data


class Lamp:
    async def method(self, data):
        pass

    @staticmethod
    async def static(data):
        pass

    @classmethod
    async def of_class(cls, data):
        pass


class Called:
    async def __call__(self, data):
        pass


class Calls:
    def __call__(self, data):
        pass


class generator_class:
    def __call__(self, data):
        pass


# A class may have any name.
class closure:
    def __call__(self, data):
        pass


def closed(name):
    async def inner(data):
        print(name)

    return inner


def made(function):
    def wrapper(data):
        return function(data)

    return wrapper


asyncs = (coroutine, generator, Lamp().method, Lamp.static, Lamp.of_class, Called(), closed("x"), Called().__call__)
others = (print, Calls(), generator_class(), closure(), Calls().__call__, lambda data: None, made(coroutine), [].append, dict)
"""

# Every method that takes a callback; `c` is the callback.
METHODS = [
    "device.on(Device.ON_CONNECT, c)",
    "device.on(Device.ON_ERROR, c)",
    "device.onProps(c)",
    "device.onService(c)",
    "device.register({'productKey': 'pk', 'deviceName': 'dn', 'productSecret': 'ps'}, c)",
    "device.postProps({'params': {}}, c)",
    "device.postEvent({'id': 'e', 'params': {}}, c)",
    "device.postRaw({'param': b''}, c)",
    "device.publish({'topic': 't', 'payload': '', 'qos': 1}, c)",
    "device.getNtpTime(c)",
    "device.uploadFile('/none', c)",
    "device.uploadFile('name', '/none', c)",
    "device.uploadContent('name', b'x', c)",
]
TAKES_ANY = [method for method in METHODS if "register" not in method and "uploadFile" not in method]


@pytest.mark.parametrize("method", METHODS)
def test_async_callbacks_are_refused_where_they_are_given(method):
    ended = run(
        script(f"""{ASYNC}
device = Device()
for c in asyncs:
    try:
        {method}
        print("taken", c)
    except TypeError as error:
        print(error)
""")
    )
    called = method.split("(")[0].removeprefix("device.").replace("onProps", "on").replace("onService", "on")
    names = ["coroutine", "generator", "method", "static", "of_class", "Called", "inner", "__call__"]
    assert [line.split(" callback ")[0] for line in ended.lines] == [f"{called}():"] * len(names)
    assert [line.split("'")[1] for line in ended.lines] == names
    assert all("async def" in line and "ThreadSafeFlag" in line for line in ended.lines)
    assert (ended.code, ended.errors) == (0, "")


@pytest.mark.parametrize("method", TAKES_ANY)
def test_all_other_callables_are_taken(method):
    ended = run(
        script(f"""{ASYNC}
device = Device()
for c in others:
    {method}
print("taken", len(others))
""")
    )
    assert (ended.code, ended.lines, ended.errors) == (0, ["taken 9"], "")


def test_a_callback_that_returns_a_coroutine_is_told_and_its_set_answered_500(cloud, device):
    name = device["deviceName"]
    with_script = script(f"""{ASYNC}
device = online()
device.on(Device.ON_PROPS, lambda data: coroutine(data))
device.on(Device.ON_SERVICE, made(generator))
print("ready")
input()
""")
    with Script(with_script, cloud, device) as running:
        running.wait_line("ready")
        cloud.do("set", device=name, params={"a": 1})
        assert cloud.wait_seen(device=name, kind="set_reply")["code"] == 500
        cloud.do("service", device=name, service="s")
        assert cloud.wait_seen(device=name, kind="service_reply")["code"] == 500
        running.say("")
        assert running.wait() == 0
        lines = running.errors.splitlines()
    assert [line.split("returned a coroutine")[0] for line in lines] == [
        "TypeError: ON_PROPS callback '<lambda>' ",
        "TypeError: ON_SERVICE callback 'wrapper' ",
    ]


WRONG = """
import builtins


class Lamp:
    def none(self):
        pass

    def two(self, id, request):
        pass


class Made:
    def __init__(self):
        pass


class Called:
    def __call__(self):
        pass


def none():
    pass


def two(id, request):
    pass


def three(id, request, more, default=5):
    pass


def keyword(data, *, other):
    pass


def closed(kept, more):
    def inner():
        return kept, more

    return inner


def own_fault(data):
    none(data)


def own_fault_inside(data):
    return len(5)


def default(data, more=5):
    print("well", data)


def any_number(*all):
    print("well", *all)


cases = (
    (none, "none", 0), (two, "two", 2), (three, "three", 3), (Lamp().none, "none", 0), (Lamp().two, "two", 2),
    (Made, "Made", 0), (Called(), "Called", 0), (closed(1, 2), "inner", 0), (lambda: 0, "<lambda>", 0),
    (lambda a, b, c, d: 0, "<lambda>", 4), (gc.collect, "function", 0),
)
"""


def test_the_wrong_number_of_arguments_is_told_with_both_names(cloud, device):
    ended = run(
        script(f"""{WRONG}
for callback, name, takes in cases:
    told = []
    device = Device()
    device.on(Device.ON_CONNECT, callback)
    device.on(Device.ON_CLOSE, told.append)
    device.connect(key_info)
    up = []
    device.getNtpTime(up.append)
    wait(lambda: up)
    device.end()
    print("ON_CONNECT callback '%s' takes %d argument%s, but is called with 1 (data)" % (name, takes, "" if takes == 1 else "s"))
"""),
        cloud,
        device,
    )
    assert ended.code == 0, ended.errors
    assert ended.errors.splitlines() == ["TypeError: " + line for line in ended.lines]


@pytest.mark.parametrize("callback", ["own_fault", "own_fault_inside"])
def test_a_type_error_of_the_callbacks_own_code_is_told_as_before(cloud, device, callback):
    ended = run(
        script(f"""{WRONG}
device = online()
times = []
device.getNtpTime({callback})
device.getNtpTime(times.append)
wait(lambda: times)
"""),
        cloud,
        device,
    )
    assert "Traceback" in ended.errors and f"in {callback}" in ended.errors
    assert "getNtpTime() callback" not in ended.errors


def test_callbacks_that_can_take_one_argument_are_called(cloud, device):
    ended = run(
        script(f"""{WRONG}
device = online()
times = []
for callback in (default, any_number, keyword, times.append):
    device.getNtpTime(callback)
wait(lambda: times)
"""),
        cloud,
        device,
    )
    assert [line.split()[0] for line in ended.lines] == ["well", "well"]
    assert ended.errors.startswith("TypeError: getNtpTime() callback 'keyword' is called with 1 argument (data): ")


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("device.postProps({'params': {'a': 1}}, none)", "postProps() callback 'none' takes 0 arguments"),
        ("device.postEvent({'id': 'e', 'params': {}}, two)", "postEvent() callback 'two' takes 2 arguments"),
        ("device.publish({'topic': USER + 'update', 'payload': 'x', 'qos': 1}, none)", "publish() callback 'none' takes 0 arguments"),
        ("device.getNtpTime(two)", "getNtpTime() callback 'two' takes 2 arguments"),
        ("device.uploadContent('a', b'x', none)", "uploadContent() callback 'none' takes 0 arguments"),
    ],
)
def test_callbacks_of_methods_are_told_by_the_methods_name(cloud, device, made, told):
    ended = run(
        script(f"""{WRONG}
device = online()
{made}
time.sleep_ms(300)
times = []
device.getNtpTime(times.append)
wait(lambda: times)
device.end()
"""),
        cloud,
        device,
    )
    assert ended.errors == f"TypeError: {told}, but is called with 1 (data)"


@pytest.mark.parametrize("event", ["ON_SERVICE", "ON_PROPS", "ON_SUBCRIBE", "ON_RAWDATA", "ON_CLOSE"])
def test_callbacks_of_what_the_platform_sends(cloud, device, event):
    name = device["deviceName"]
    body = f"""{WRONG}
device = online()
device.subscribe({{"topic": USER + "get"}})
device.on(Device.{event}, two)
print("ready")
input()
device.end()
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=name, kind="subscribe")
        if event == "ON_SERVICE":
            cloud.do("service", device=name, service="s")
            assert cloud.wait_seen(device=name, kind="service_reply")["code"] == 500
        elif event == "ON_PROPS":
            cloud.do("set", device=name, params={"a": 1})
            assert cloud.wait_seen(device=name, kind="set_reply")["code"] == 500
        elif event == "ON_SUBCRIBE":
            cloud.do("publish", topic=user_topic(device, "get"), payload="x")
        elif event == "ON_RAWDATA":
            cloud.do("raw", device=name, hex="00")
        if event != "ON_CLOSE":
            running.wait_line("TypeError")
        running.say("")
        assert running.wait() == 0
        assert running.errors == f"TypeError: {event} callback 'two' takes 2 arguments, but is called with 1 (data)"


def test_the_callback_of_register(cloud, device):
    ended = run(
        script("""
def none():
    pass

device = Device()
device.on(Device.ON_ERROR, lambda error: print(error))
print(device.register({
    "productKey": key_info["productKey"], "deviceName": key_info["deviceName"],
    "productSecret": os.getenv("ALIYUN_PRODUCT_SECRET"),
}, none))
"""),
        cloud,
        device,
    )
    assert ended.lines == ["0"]
    assert ended.errors == "TypeError: register() callback 'none' takes 0 arguments, but is called with 1 (secret)"
