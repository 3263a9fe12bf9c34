"""`Device.register()`: three ways to a secret, what is stored, and all that can go wrong on the way."""

import json
import socket
import ssl
import threading

import pytest

from micropython import Script, run
from test_refusals import Server, over_tls

# What scripts of registrations share.
HELPERS = """\
def connect(**more):
    up = []
    device.on(Device.ON_CONNECT, up.append)
    device.connect(dict(pair, **more))
    end = time.ticks_add(time.ticks_ms(), 30000)
    while not up and time.ticks_diff(end, time.ticks_ms()) > 0:
        time.sleep_ms(5)
    print("connected" if up else "not connected")
    device.end()


def attempt(function, *arguments):
    try:
        print("returned", repr(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, *error.args)


"""

BEGIN = """\
import json, kv, os, sys, time
from aliyunIoT import Device

info = {
    "productKey": os.getenv("ALIYUN_PRODUCT_KEY"),
    "deviceName": os.getenv("ALIYUN_DEVICE_NAME"),
    "productSecret": os.getenv("ALIYUN_PRODUCT_SECRET"),
}
pair = {"productKey": info["productKey"], "deviceName": info["deviceName"]}
device = Device()
device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))


def register(**more):
    print("register", device.register(dict(info, **more), lambda secret: print("secret", secret)))


"""
BEGIN += HELPERS
# What the platform's codes mean in the local cloud.
NOBODY, INACTIVE, BAD_SIGNATURE = 6100, 6288, 6600


@pytest.fixture
def play(cloud, device, tmp_path):
    """Runs a script to a good end and returns its lines; what it stores is kept for the next one of the test."""

    def start(body, of=None, **env):
        env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv"), **env}
        ended = run(BEGIN + body, cloud, of or device, env=env)
        assert (ended.code, ended.errors) == (0, "")
        return ended.lines

    return start


def registrations(cloud, device):
    return [(r["way"], r["ok"]) for r in cloud.seen(kind="registration", device=device["deviceName"])]


# ---- Three ways


@pytest.mark.parametrize(
    "more, way",
    [("", "https"), ('instanceId="iot-060a0b"', "register"), ('authType="register"', "register"), ('authType="https", instanceId="x"', "https")],
)
def test_it_registers_stores_and_connects(cloud, device, play, more, way):
    told, returned, connected = play(f"register({more})\nconnect()")
    word, secret = told.split()
    assert (word, returned, connected) == ("secret", "register 0", "connected")
    assert len(secret) == 32 and secret != device["deviceSecret"]
    assert registrations(cloud, device) == [(way, True)]
    # The next program needs neither the network nor a secret.
    body = "device.register(info, lambda secret: print(secret))\nconnect()\nprint(kv.get('_amp_customer_devicesecret'))"
    assert play(body) == [secret, "connected", secret]
    assert registrations(cloud, device) == [(way, True)]
    assert json.loads(play("print(json.dumps(device.getDeviceInfo()))")[0]) == {
        **device,
        "deviceSecret": secret,
        "region": "cn-shanghai",
    }


UNIQUE = """
class machine:
    def unique_id():
        return b"\\x24\\x6f\\x28"
sys.modules["machine"] = machine
"""


@pytest.mark.parametrize("name", ["given", "the board's own"])
def test_where_any_name_is_taken_it_gets_a_token(cloud, play, name):
    product = cloud.do("product", productKey="anyName" + name[0], unlisted=True)["product"]
    own = "246f28" if name != "given" else "newcomer"
    device = {**product, "deviceName": own, "deviceSecret": None}
    body = 'register(authType="regnwl")\n' if name == "given" else UNIQUE + 'del info["deviceName"]\nregister()\n'
    told, returned, connected = play(body + "connect()", device)
    assert told.startswith("secret ^1^") and (returned, connected) == ("register 0", "connected")
    login = cloud.wait_seen(kind="login", device=own)
    assert (login["securemode"], login["signmethod"]) == ("-2", "token")
    # After a restart it connects with the token that is stored.
    assert play("connect()", device) == ["connected"]
    assert registrations(cloud, device) == [("regnwl", True)]


# ---- What is stored belongs to one device of one product


def test_another_device_or_product_never_gets_a_stored_secret(cloud, device, play):
    other = cloud.new_device()
    elsewhere = cloud.new_device(productKey="elsewhere", device=device["deviceName"])
    first = play("register()\nconnect()")[0]
    second = play("register()\nconnect()", other)[0]
    third = play("register()\nconnect()", elsewhere)[0]
    assert len({first, second, third}) == 3
    # Nor does the first one lose its own.
    assert play("register()\nconnect()") == [first, "register 0", "connected"]
    assert registrations(cloud, device) == [("https", True)] * 2 and registrations(cloud, other) == [("https", True)]
    nobody = cloud.new_device()
    assert play("attempt(device.connect, pair)", nobody) == [
        "ValueError connect(): 'deviceSecret' is missing, and none is stored for this device: register() it first"
    ]


def test_a_removed_secret_is_asked_for_anew(cloud, device, play):
    body = "register()\nprint(kv.remove('_amp_customer_devicesecret'), kv.remove('_amp_customer_devicesecret'))\nregister()"
    first, _, removed, second, _ = play(body)
    assert removed == "0 -1" and first != second
    assert registrations(cloud, device) == [("https", True)] * 2


def test_kv(play):
    body = """
print(kv.get("a"), kv.remove("a"), kv.set("a", "1"), kv.get("a"), kv.set("a", "二"), kv.set("b", ""))
for wrong in (1, b"x", None):
    attempt(kv.set, "a", wrong)
    attempt(kv.set, wrong, "a")
"""
    lines = play(body)
    assert lines[0] == "None -1 0 1 0 0"
    assert lines[1:3] == ["TypeError 'value' must be str, not int", "TypeError 'key' must be str, not int"]
    assert len(lines) == 7
    assert play("print(kv.get('a'), repr(kv.get('b')), kv.remove('a'), kv.get('a'))") == ["二 '' 0 None"]


def test_a_kv_of_the_users_goes_first(cloud, device, tmp_path):
    (tmp_path / "kv.py").write_text("def get(key):\n    return 'mine'\n")
    (tmp_path / "main.py").write_text("import kv\nprint(kv.get('a'))\n")
    assert run(tmp_path / "main.py", cloud, device).lines == ["mine"]


# ---- Refusals are told once


def refused(lines, code):
    error, returned = lines
    assert error.startswith(f"error {code} ") and returned == "register -1"
    return error


def test_a_wrong_product_secret_is_told_once(cloud, device, play):
    refused(play('register(productSecret="wrong")'), BAD_SIGNATURE)
    refused(play('register(productSecret="wrong", authType="register")'), 4)
    assert registrations(cloud, device) == [("https", False), ("register", False)]


def test_other_refusals(cloud, device, play):
    assert "no product has the key" in refused(play('register(productKey="nowhere")'), 5005), "the platform's own words"
    refused(play('register(deviceName="nobody")'), NOBODY)
    refused(play('register(deviceName="nobody", authType="register")'), 5)
    refused(play('register(authType="regnwl")'), 5)
    cloud.do("product", productKey=device["productKey"], dynamic=False)
    refused(play("register()"), 6289)
    cloud.do("product", productKey=device["productKey"], dynamic=True)


def test_a_device_that_has_connected_keeps_its_secret(cloud, device, play):
    play('connect(deviceSecret=os.getenv("ALIYUN_DEVICE_SECRET"))')
    assert "reset" in refused(play("register()"), INACTIVE)
    cloud.do("reset", device=device["deviceName"])
    assert play("register()")[1] == "register 0"


def test_a_refusal_leaves_no_trace(play, tmp_path):
    play('register(productSecret="wrong")')
    assert play("print(device.getDeviceInfo())") == ["None"]
    assert list(tmp_path.glob("kv*")) == []


# ---- Answers that are late, strange or none


@pytest.mark.parametrize("mode", ["chunked", "until_close", "trickle"])
def test_an_answer_may_come_in_many_ways(cloud, play, mode):
    cloud.do("http", mode=mode)
    assert play("register()")[1] == "register 0"


@pytest.mark.parametrize(
    "mode, code, words",
    [
        ("cut", -42, "closed the connection"),
        ("large", -44, "too large"),
        ("garbage", -44, "no answer to a registration"),
        ("not_json", -44, "no answer to a registration"),
        ("other_device", -44, "no answer to a registration"),
        ("status", 3, "not available"),
    ],
)
def test_an_answer_that_is_none_is_asked_for_again(cloud, device, play, mode, code, words):
    cloud.do("http", mode=mode)
    error, told, returned = play("register()")
    assert error.startswith(f"error {code} ") and words in error
    assert told.startswith("secret ") and returned == "register 0"


@pytest.mark.parametrize("mode", ["other_device", "not_json"])
def test_so_it_is_over_mqtt(cloud, play, mode):
    cloud.do("http", mode=mode)
    error, told, returned = play('register(authType="register")')
    assert "no answer to a registration" in error and told.startswith("secret ") and returned == "register 0"


def test_it_gives_up_after_five_attempts(cloud, play):
    cloud.do("http", mode="status", status=503, count=9)
    start = "start = time.ticks_ms()\n"
    *errors, returned, took = play(start + "register()\nprint(time.ticks_diff(time.ticks_ms(), start))")
    assert len(errors) == 5 and all(error.startswith("error 3 ") for error in errors) and returned == "register -1"
    # Four waits: up to 1, 2, 4 and 8 s, and at least half of that; 65 s are promised.
    assert 7000 < int(took) < 65000
    cloud.do("http", mode="normal")


ONCE = """
def failed(error):
    print("error", error["code"], error["msg"])
    device.end()

device.on(Device.ON_ERROR, failed)
register()
"""


def test_no_server(play):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error, returned = play(ONCE, ALIYUN_IOT_HTTPS_ENDPOINT=f"localhost:{port}")
    assert error.startswith("error -42 ") and returned == "register -1"


def test_no_trust(play):
    error, returned = play(ONCE, SSL_CERT_FILE=None)
    assert error.startswith("error -43 TLS") and returned == "register -1"


@pytest.mark.parametrize(
    "certificate, level, words",
    [
        ("other-name", None, "does not match with the expected CN"),
        ("expired", None, "validity has expired"),
        # As in test_refusals.py: OpenSSL answers with TLS 1.1, or says no.
        ("server", 0, "(the server does not speak TLS 1.2 or newer)"),
        ("server", 1, "(the server refused: it may not speak TLS 1.2 or newer, or none of the ciphers, or it asks for a certificate)"),
    ],
    ids=["another's name", "expired", "answers with TLS 1.1", "TLS 1.1 says no"],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_a_server_that_proves_nothing(cloud, play, certificate, level, words):
    """It gets no request: what is signed with the product's secret is for the platform alone."""
    heard = []

    def hear(connection, _):
        heard.append(connection.recv(4096))

    with Server(over_tls(cloud, certificate, hear, level)) as server:
        error, returned = play(ONCE, ALIYUN_IOT_HTTPS_ENDPOINT=f"localhost:{server.port}")
    assert error.startswith("error -43 TLS: ") and words in error and returned == "register -1"
    assert heard == []


def test_an_endpoint_that_is_none(play):
    told = ["ValueError ALIYUN_IOT_HTTPS_ENDPOINT must be host:port"]
    assert play("attempt(device.register, info, None)", ALIYUN_IOT_HTTPS_ENDPOINT="nowhere") == told


# ---- Arguments


@pytest.mark.parametrize(
    "data, told",
    {
        "{}": "ValueError register(): 'productKey' is missing",
        '{"productKey": "k", "productSecret": "s"}': "ValueError register(): 'deviceName' is missing",
        '{"productKey": "k", "deviceName": "d"}': "ValueError register(): 'productSecret' is missing",
        '{"productKey": "k", "deviceName": "d", "secret": "s"}': "ValueError register(): 'productSecret' is missing; 'secret' is not known",
        '{"productKey": "k", "devicename": "d", "productSecret": "s"}': "ValueError register(): 'devicename' is not known; 'deviceName' is",
        '{"productKey": "k", "deviceName": "a/b", "productSecret": "s"}': "ValueError register(): deviceName must be 1 to 32 of A-Z a-z 0-9 - _ @ . :",
        '{"productKey": "k", "deviceName": "d", "productSecret": "a b"}': "ValueError register(): productSecret must be 1 to 64 printable characters",
        '{"productKey": "k", "deviceName": "d", "productSecret": 5}': "TypeError 'productSecret' must be str, not int",
        '{"productKey": "k", "deviceName": "d", "productSecret": "s", "authType": "x"}': "ValueError register(): authType must be https, register or regnwl",
        '{"productKey": "k", "deviceName": "d", "productSecret": "s", "port": 0}': "ValueError 'port' must be 1 to 65535",
        "[]": "TypeError register() takes a dict, not list",
    }.items(),
)
def test_wrong_arguments_are_named(play, data, told):
    assert play(f"attempt(device.register, {data}, print)\nprint(device.end(), device.getDeviceInfo())") == [told, "-1 None"]


def test_the_callback_may_be_none_but_nothing_else(play):
    assert play("attempt(device.register, info, 5)\nattempt(device.register, info, None)") == [
        "TypeError register(): int cannot be called",
        "returned 0",
    ]


def test_over_mqtt_not_while_connected(play):
    body = """
device.connect(dict(pair, deviceSecret="x"))
try:
    device.register(dict(info, authType="register"), print)
except OSError as error:
    print("OSError")
device.end()
"""
    assert "OSError" in play(body)


# ---- What scripts do besides


def test_an_exception_in_the_callback_is_printed(cloud, device):
    script = run(BEGIN + "print(device.register(info, lambda: None))\nprint(bool(device.getDeviceInfo()))", cloud, device)
    assert (script.code, script.lines) == (0, ["0", "True"]) and "TypeError" in script.errors


def test_it_can_be_called_from_a_callback(cloud, device, play):
    body = """
device.connect(dict(pair, deviceSecret="0" * 32))

def closed(data):
    device.on(Device.ON_CLOSE, None)
    register()

device.on(Device.ON_CLOSE, closed)
device.end()
while not device.getDeviceInfo()["productSecret"]:
    time.sleep_ms(5)
connect()
"""
    lines = play(body)
    # There it does not block: what it blocks for could not go on.
    assert lines[0] == "register 0" and lines[1].startswith("secret ") and lines[-1] == "connected"


def test_ctrl_c_ends_it(cloud, device, tmp_path):
    """The server takes the request and says nothing more."""
    server = socket.create_server(("127.0.0.1", 0))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cloud.dir / "server.pem", cloud.dir / "server.key")
    asked = threading.Event()

    def serve():
        with context.wrap_socket(server.accept()[0], server_side=True) as link:
            link.recv(4096)
            asked.set()
            link.recv(1)

    threading.Thread(target=serve, daemon=True).start()
    body = """
device.on(Device.ON_CLOSE, lambda data: print("closed"))
try:
    register()
except KeyboardInterrupt:
    print("interrupted")
os.putenv("ALIYUN_IOT_HTTPS_ENDPOINT", os.getenv("SECOND"))
register()
"""
    env = {
        "ALIYUN_IOT_HTTPS_ENDPOINT": f"localhost:{server.getsockname()[1]}",
        "SECOND": f"localhost:{cloud.https_port}",
    }
    with Script(BEGIN + body, cloud, device, env=env) as script:
        assert asked.wait(30)
        script.interrupt()
        # An attempt would be given up after ten seconds.
        script.wait_line("interrupted", timeout=8)
        assert script.wait() == 0
    assert script.lines[0] == "interrupted" and "closed" not in script.lines and script.lines[-1] == "register 0"
    server.close()


@pytest.mark.parametrize("way", ["https", "register", "regnwl"])
@pytest.mark.parametrize("greets", [False, True], ids=["silent from the start", "silent after TLS"])
def test_a_registration_that_was_broken_off_is_not_heard_of_again(cloud, device, way, greets):
    """No event follows, and the device can register or connect at once."""
    server = socket.create_server(("127.0.0.1", 0))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cloud.dir / "server.pem", cloud.dir / "server.key")
    asked = threading.Event()

    def serve():
        link = server.accept()[0]
        if greets:
            link = context.wrap_socket(link, server_side=True)
            link.recv(4096)
        asked.set()
        link.recv(1 << 16)
        link.recv(1)

    threading.Thread(target=serve, daemon=True).start()
    body = f"""
for name in dir(Device):
    if name.startswith("ON_"):
        device.on(getattr(Device, name), lambda data, name=name: print("event", name))
try:
    device.register(dict(info, authType="{way}"), lambda secret: print("secret"))
except KeyboardInterrupt:
    print("interrupted")
time.sleep_ms(500)
print(device.end(), device.getDeviceInfo())
for name in ("ALIYUN_IOT_HTTPS_ENDPOINT", "ALIYUN_IOT_ENDPOINT"):
    os.putenv(name, os.getenv("SECOND_" + name))
connect(deviceSecret=os.getenv("ALIYUN_DEVICE_SECRET"))
"""
    endpoint = f"localhost:{server.getsockname()[1]}"
    env = {
        "ALIYUN_IOT_HTTPS_ENDPOINT": endpoint,
        "ALIYUN_IOT_ENDPOINT": endpoint,
        "SECOND_ALIYUN_IOT_HTTPS_ENDPOINT": f"localhost:{cloud.https_port}",
        "SECOND_ALIYUN_IOT_ENDPOINT": f"localhost:{cloud.tls_port}",
    }
    with Script(BEGIN + body, cloud, device, env=env) as script:
        assert asked.wait(30)
        script.interrupt()
        script.wait_line("interrupted", timeout=8)
        assert script.wait() == 0, script.errors
    assert script.lines == ["interrupted", "-1 None", "connected", "event ON_CLOSE"], script.errors
    server.close()


def test_old_scripts_wait_for_the_secret(play):
    """What a public script does: look into `kv`, register if there is nothing, spin until the callback has set a global."""
    body = """
deviceSecret = None

def on_dynreg_cb(data):
    global deviceSecret
    deviceSecret = data

stored = kv.get('_amp_customer_devicesecret')
if isinstance(stored, str):
    deviceSecret = stored
if deviceSecret is None:
    device.register(dict(info, region='cn-shanghai'), on_dynreg_cb)
while deviceSecret is None:
    pass
key_info = {'region': 'cn-shanghai', 'productKey': pair['productKey'], 'deviceName': pair['deviceName'],
    'deviceSecret': deviceSecret, 'keepaliveSec': 60}
up = []
device.on(Device.ON_CONNECT, up.append)
device.connect(key_info)
while not up:
    pass
print(deviceSecret)
device.end()
"""
    (first,) = play(body)
    assert play(body) == [first]


# ---- Secrets stay where they belong


def test_no_secret_is_in_words(cloud, device, play):
    body = """
print(device, repr(device))
attempt(device.register, dict(info, port="x"), None)
attempt(device.register, dict(info, authType="x"), None)
register(productSecret="5ecret0fTheProduct")
register(authType="register", productSecret="5ecret0fTheProduct")
"""
    lines = play(body)
    assert lines[0] == "aiot_device aiot_device"
    said = "\n".join(lines)
    assert "5ecret0fTheProduct" not in said and device["productSecret"] not in said


def test_only_the_owner_reads_what_is_stored(play, tmp_path):
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "kv.0").symlink_to(tmp_path / "elsewhere")
    play("register()\nkv.set('a', 'b')")
    files = sorted(tmp_path.glob("kv.*"))
    assert len(files) == 2 and all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_a_secret_that_cannot_be_stored_is_not_used(cloud, device, play, tmp_path):
    lines = play("register()\nprint(device.getDeviceInfo())", ALIYUN_IOT_STORE=str(tmp_path / "nowhere" / "kv"))
    assert lines[0].startswith("error -50 the new secret could not be stored") and lines[1:] == ["register -1", "None"]
    # So the device has never connected, and can have another one.
    assert play("register()\nconnect()")[1:] == ["register 0", "connected"]
