"""`Device.register({'cloud': …})`: a secret or a certificate from Tencent, OneNET and Huawei, what is stored, and all that can go
wrong on the way."""

import contextlib
import json

import pytest

from cloud import Cloud
from micropython import run
from test_refusals import Server, over_tls
from test_register import HELPERS
from vendors import CLOCK

CLOUDS = ("tencent", "onenet", "huawei")
SIGN_TIME = ("tencent", "onenet")

BEGIN = """\
import json, os, sys, time
from aliyunIoT import Device

info = json.loads(os.getenv("REGISTRATION"))
pair = json.loads(os.getenv("LOGIN"))
device = Device()
device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))


def told(secret):
    print("secret", len(secret), secret.split("\\n")[0] if "\\n" in secret else secret)


def register(**more):
    print("register", device.register(dict(info, **more), told))


"""
BEGIN += HELPERS + CLOCK


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", ",".join(CLOUDS)) as running:
        yield running


names = iter(range(1_000))


class Here:
    """A device that one of the clouds does not know yet."""

    def __init__(self, cloud, vendor, folder, name=None):
        self.cloud, self.vendor, self.folder = cloud, vendor, folder
        self.name = name or f"new{next(names)}"
        self.card = cloud.vendors[vendor]
        self.registration = {"cloud": vendor, **self.card["registration"], "deviceName": self.name}
        self.login = {"cloud": vendor, "productId": self.registration["productId"], "deviceName": self.name}

    def play(self, body, https_port=None, ca_file=None, **of):
        """Runs a script to a good end and returns its lines; what it stores is kept for the next one of the test."""
        env = {
            "ALIYUN_IOT_STORE": str(self.folder / "kv"),
            "ALIYUN_IOT_ENDPOINT": f"localhost:{self.card['tls_port']}",
            "ALIYUN_IOT_HTTPS_ENDPOINT": f"localhost:{https_port or self.cloud.https_port}",
            "SSL_CERT_FILE": str(ca_file or self.cloud.ca_file),
            "REGISTRATION": json.dumps({**self.registration, **of}),
            "LOGIN": json.dumps(self.login),
        }
        ended = run(BEGIN + body, env=env)
        assert (ended.code, ended.errors) == (0, "")
        return ended.lines

    def registrations(self):
        return [record["ok"] for record in self.cloud.seen(kind="registration", cloud=self.vendor, device=self.name)]

    def stored(self):
        """What the newer file of the store has."""
        files = [json.loads(path.read_text()[64:]) for path in self.folder.glob("kv.?")]
        return max(files)[1]


@pytest.fixture(params=CLOUDS)
def here(request, cloud, tmp_path):
    yield Here(cloud, request.param, tmp_path)
    cloud.do("clock", cloud=request.param, seconds=0)


def on(*clouds):
    return pytest.mark.parametrize("here", clouds, indirect=True)


def test_it_registers_stores_and_connects(here):
    told, returned, connected = here.play("register()\nconnect()")
    word, length, secret = told.split()
    assert (word, returned, connected) == ("secret", "register 0", "connected")
    assert here.registrations()[-1] is True
    # The next program needs neither the network nor a secret.
    again = here.play("register()\nprint(device.getDeviceInfo()['deviceSecret'])\nconnect()", https_port=1)
    assert again == [f"secret {length} {secret}", "register 0", secret, "connected"]
    assert here.stored() == {f"{here.vendor}:{here.login['productId']}/{here.name}": secret}


def test_each_device_has_a_secret_of_its_own(here):
    """By cloud, product and device: nothing of another one is used."""
    [first] = here.play("device.register(info, print)")
    other = Here(here.cloud, here.vendor, here.folder)
    [second] = other.play("device.register(info, print)")
    assert first != second
    assert here.play("connect()") == other.play("connect()") == ["connected"]
    assert len(here.stored()) == 2
    nobody = Here(here.cloud, here.vendor, here.folder)
    words = "connect(): 'deviceSecret' is missing, and none is stored for this device: register() it first"
    assert nobody.play("attempt(device.connect, pair)") == [f"ValueError {words}"]


def test_the_stores_of_the_clouds_are_apart(cloud, tmp_path):
    """The same product and device elsewhere is another device."""
    here = Here(cloud, "tencent", tmp_path)
    here.play("register()")
    for elsewhere in ('{"cloud": "onenet"}', '{"cloud": "huawei", "endpoint": "x"}'):
        [line] = here.play(f"attempt(device.connect, dict(pair, **{elsewhere}))")
        assert "none is stored for this device" in line
    body = "attempt(device.connect, {'productKey': pair['productId'], 'deviceName': pair['deviceName']})"
    assert "none is stored for this device" in here.play(body)[0]


@on("tencent")
def test_the_older_way_of_tencent(here):
    """Its signature needs SHA-1, which a build may leave out."""
    lines = here.play("attempt(device.register, dict(info, legacy=True), told)\nprint('end')")
    if lines[0].startswith("ValueError"):
        assert lines[0] == "ValueError register(): signMethod is none of the cloud's, or this firmware leaves it out"
        return
    assert lines[0].startswith("secret ") and lines[1] == "returned 0"
    assert here.play("connect()") == ["connected"]


def test_a_certificate_is_stored_with_its_key(cloud, tmp_path):
    device = cloud.new_device(cloud="tencent", certificate=True)
    here = Here(cloud, "tencent", tmp_path, device["deviceName"])
    told, returned = here.play("register()")
    assert told.startswith("secret ") and told.endswith("-----BEGIN CERTIFICATE-----") and returned == "register 0"
    name = f"tencent:{here.login['productId']}/{here.name}"
    assert here.stored() == {name: device["key"], name + "/cert": device["cert"]}
    assert here.play("connect()\nregister()", https_port=1) == ["connected", told, "register 0"]


def test_a_wrong_secret_is_refused_in_the_clouds_words(here):
    wrong = {"tencent": "productSecret", "onenet": "userKey", "huawei": "iamPassword"}[here.vendor]
    secret = here.registration[wrong]
    secret = ("A" if secret[0] != "A" else "B") + secret[1:]
    error, returned = here.play("register()", **{wrong: secret})
    assert returned == "register -1"
    word, code, words = error.split(" ", 2)
    assert word == "error" and int(code) > 0 and len(words) > 5
    expected = {"tencent": "AuthFailure.SignatureFailure", "onenet": "", "huawei": ""}[here.vendor]
    assert words.startswith(expected), words
    assert here.registrations() in ([], [False])


@on("tencent", "onenet")
def test_a_wrong_clock_is_refused(here):
    """The cloud's clock is a day ahead: the signature is old, and the token has ended."""
    here.cloud.do("clock", cloud=here.vendor, seconds=86_400)
    error, returned = here.play("register()")
    assert returned == "register -1" and error.startswith("error ")
    here.cloud.do("clock", cloud=here.vendor, seconds=0)
    assert here.play("register()")[1] == "register 0"


def test_a_clock_that_is_not_set_is_told_before_the_request(here):
    lines = here.play("clock.unset = True\nattempt(device.register, info, told)")
    if here.vendor in SIGN_TIME:
        words = "register(): the clock says 1970: set it first, for example with ntptime.settime()"
        assert lines == [f"OSError 22 {words}"] and here.registrations() == []
    else:
        assert lines[1:] == ["returned 0"]


@pytest.mark.parametrize("mode", ["chunked", "until_close", "trickle"])
def test_a_response_has_any_form(here, mode):
    here.cloud.do("http", mode=mode, count=2)
    try:
        told, returned = here.play("register()")
        assert told.startswith("secret ") and returned == "register 0"
    finally:
        here.cloud.do("http", mode="normal")


def is_whole(request):
    head, found, body = request.partition(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")]
    return bool(found) and len(body) >= lengths[0]


@contextlib.contextmanager
def answering(cloud, *responses):
    """A server with the cloud's certificate that gives one response to each connection. Yields its port, and what came."""
    requests = []

    def behave(link, _):
        request = b""
        while not is_whole(request):
            request += link.recv(16_384)
        requests.append(request)
        link.sendall(responses[min(len(requests), len(responses)) - 1])

    with Server(over_tls(cloud, "server", behave)) as server:
        yield server.port, requests


def response(status, body, headers=""):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n{body}".encode()


def test_a_proxy_with_a_fault_is_asked_again(here):
    answers = [response("502 Bad Gateway", "<html>")]
    if here.vendor == "huawei":
        answers.append(response("201 Created", "{}", "X-Subject-Token: token\r\n"))
        answers.append(response("503 Service Unavailable", ""))
        answers.append(response("201 Created", '{"auth_info":{"secret":"s3cret"}}'))
    else:
        answers.append(response("200 OK", '{"code":0,"data":{"sec_key":"s3cret"}}'))
    if here.vendor == "tencent":
        answers[1:] = [response("400 Bad Request", '{"Response":{"Error":{"Code":"A.B","Message":"no"}}}')]
    busy = "error 3 refused: server not available, or keepalive out of its range"
    with answering(here.cloud, *answers) as (port, requests):
        lines = here.play("register()", https_port=port)
    assert lines == {
        "tencent": [busy, "error 400 A.B: no", "register -1"],
        "onenet": [busy, "secret 6 s3cret", "register 0"],
        "huawei": [busy, busy, "secret 6 s3cret", "register 0"],
    }[here.vendor]
    assert len(requests) == len(answers)


@on("huawei")
@pytest.mark.parametrize("size", [1_000, 8_192])
def test_a_token_of_any_size(here, size):
    token = "t" * size
    body = json.dumps({"auth_info": {"auth_type": "SECRET", "secret": "s3cret"}})
    first = response("201 Created", "{}", f"X-Subject-Token: {token}\r\n")
    with answering(here.cloud, first, response("201 Created", body)) as (port, requests):
        assert here.play("register()", https_port=port) == ["secret 6 s3cret", "register 0"]
    assert requests[0].startswith(b"POST /v3/auth/tokens?nocatalog=true HTTP/1.1\r\n")
    assert f"\r\nX-Auth-Token: {token}\r\n\r\n".encode() in requests[1]


def test_hostile_answers_end_in_an_error(here):
    hostile = [
        b"SSH-2.0-x\r\n",
        response("200 OK", "{}"),
        response("200 OK", "[" * 2_000),
        response("200 OK", '{"Response":{"Payload":"AAAA"},"code":0,"data":{"sec_key":5},"auth_info":7}'),
        response("201 x", "", "X-Subject-Token: a b\r\n"),
    ]
    with answering(here.cloud, *hostile) as (port, requests):
        lines = here.play("register()", https_port=port)
    assert len(requests) == 5 and len(lines) == 6
    assert all(line.startswith("error -44 ") for line in lines[:5]) and lines[5] == "register -1"


def test_each_key_is_strict(here):
    def words(change):
        [line] = here.play(f"given = dict(info)\n{change}\nattempt(device.register, given, print)")
        return line

    for key in here.registration:
        if key in ("cloud", "region", "endpoint"):
            continue
        assert words(f"del given[{key!r}]") == f"ValueError register(): '{key}' is missing"
        assert words(f"given[{key!r}] = 5") == f"TypeError '{key}' must be str, not int"
        wrong = key[0] + key[1:].lower() if key[1:].lower() != key[1:] else key.upper()
        line = words(f"given[{wrong!r}] = given.pop({key!r})")
        assert line.startswith("ValueError register(): ") and f"'{wrong}' is not known; '{key}' is" in line
        line = words(f"given[{key!r}] = 'a\\r\\nb'")
        assert line.startswith(f"ValueError register(): {key} "), line
    assert words("given['deviceSecret'] = 'x'") == "ValueError register(): 'deviceSecret' is not known"
    assert words("given['productKey'] = 'x'") == (
        f"ValueError register(): 'productKey' is a key of cloud 'aliyun', not of '{here.vendor}'"
    )
    line = words("given['cloud'] = 'tuya'")
    assert line == "ValueError register(): 'cloud' must be 'aliyun', 'tencent', 'onenet' or 'huawei', not 'tuya'"
    assert words("given['host'] = 'https://x'").startswith("ValueError register(): ")


def test_a_connected_device_can_register_another_one(here):
    other = Here(here.cloud, here.vendor, here.folder)
    here.play("register()")
    body = f"""
up = []
device.on(Device.ON_CONNECT, up.append)
device.connect(pair)
while not up:
    time.sleep_ms(5)
info["deviceName"] = "{other.name}"
register()
print(device.getDeviceInfo()["deviceName"], len(up))
device.end()
"""
    told, returned, still = here.play(body)
    assert told.startswith("secret ") and (returned, still) == ("register 0", f"{here.name} 1")


def test_alibabas_secrets_in_the_store_stay_valid(cloud, tmp_path):
    device = cloud.new_device()
    here = Here(cloud, "tencent", tmp_path)
    keys = {key: device[key] for key in ("productKey", "deviceName", "productSecret")}
    here.registration, here.login = keys, {key: keys[key] for key in ("productKey", "deviceName")}
    here.card = {"tls_port": cloud.tls_port}
    _, _, secret = here.play("register()")[0].split()
    assert here.stored()[f"{device['productKey']}/{device['deviceName']}"] == secret
    Here(cloud, "tencent", tmp_path).play("register()")
    assert here.play("connect()\nprint(device.getDeviceInfo()['deviceSecret'])", https_port=1) == ["connected", secret]


def test_no_secret_is_printed(here):
    """Not of the registration either: neither by an error, nor by a device."""
    lines = here.play("print(device)\nattempt(device.register, dict(info, deviceName='a b'), None)\nprint(device)")
    for key in ("productSecret", "userKey", "iamPassword"):
        assert here.registration.get(key, "-----") not in "\n".join(lines)
