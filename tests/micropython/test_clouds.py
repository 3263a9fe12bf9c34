"""The seven clouds from Python: what a login needs, what its refusal says, and the same calls on each."""

import contextlib
import textwrap

import pytest

from cloud import Cloud
from micropython import Script, run
from mosquitto import Broker
from network import Fault, Network
from scripts import script
from test_refusals import Server
from vendors import CERTIFICATES, CLOCK, CLOUDS, NEED_TIME, REPLY, SIGN_TIME, WITHOUT_SERVICES, WITHOUT_SET_REPLY, WITHOUT_TIME, Vendor

DAY_S = 24 * 60 * 60

BEGIN = """
from credentials import key_info

errors = []


def new():
    device = Device()
    device.on(Device.ON_ERROR, lambda error: (errors.append(error["code"]), print("error", error["code"], error["msg"])))
    return device


def up(device, **more):
    connected = []
    device.on(Device.ON_CONNECT, lambda data: (connected.append(data["code"]), print("connect", data["code"])))
    device.connect(dict(key_info, **more))
    wait(lambda: connected)
    return device

"""


def body(text):
    return script(CLOCK + BEGIN + textwrap.dedent(text))


@pytest.fixture(scope="module")
def cloud():
    """All of them in one."""
    with Cloud("--cloud", "all") as running:
        yield running


@pytest.fixture(params=CLOUDS)
def here(request, cloud):
    vendor = Vendor(cloud, request.param)
    yield vendor
    vendor.clock(0)


def on(clouds):
    """For tests that concern those of the clouds."""
    return pytest.mark.parametrize("here", [name for name in CLOUDS if name in clouds], indirect=True)


def with_wrong_secret(here):
    """The keys with another secret that is as good to look at."""
    [name] = {"password", "deviceSecret"} & set(here.key_info)
    secret = here.key_info[name]
    # Base64 stays base64.
    return {**here.key_info, name: ("A" if secret[0] != "A" else "B") + secret[1:]}


# ---- Logins ----


def test_a_login(here):
    ended = run(body("device = up(new())\nprint(device.getDeviceInfo()['deviceName'])\nprint('end', device.end())"), env=here.env)
    assert (ended.lines, ended.errors) == (["connect 0", here.device, "end 0"], "")
    login = here.wait_seen("login")
    assert login["ok"] and login["tls"] and login["keepalive"] == 60


FAILING = """
device = new()
clock.shift = SHIFT
device.connect(key_info)
wait(lambda: errors)
device.end()
"""


def failing(here, key_info=None, shift=0):
    """What ON_ERROR says of a login that is refused."""
    ended = run(body(f"SHIFT = {shift}\n{FAILING}"), env=here.env_at(here.tls_port, key_info))
    assert ended.code == 0, ended.errors
    _, code, words = ended.lines[0].split(" ", 2)
    login = here.wait_seen("login")
    assert not login["ok"] and login["code"] == int(code), login
    return int(code), words


def test_a_wrong_secret(here):
    code, words = failing(here, with_wrong_secret(here))
    assert code == 4
    assert words.startswith("refused: "), words
    # The message names the time where the time may be the reason.
    assert ("this board's clock says 20" in words) == (here.name in SIGN_TIME), words


def test_a_token_that_the_cloud_says_has_ended(here):
    """The clock of the cloud is half a year ahead. Where the time is not signed, it does not matter."""
    here.clock(180 * DAY_S)
    if here.name in SIGN_TIME:
        code, words = failing(here)
        assert code in (4, 5) and words.startswith("refused: ") and "(this board's clock says 20" in words, words
    else:
        assert run(body("up(new()).end()"), env=here.env).lines == ["connect 0"]


def test_a_clock_that_is_wrong(here):
    """The board's clock is half a year late: the year is right or the one before, so nothing but the cloud can find it."""
    if here.name in SIGN_TIME:
        code, words = failing(here, shift=-180 * DAY_S)
        assert code in (4, 5) and "(this board's clock says 20" in words, words
    else:
        assert run(body("clock.shift = -180 * 86400\nup(new()).end()"), env=here.env).lines == ["connect 0"]


def test_a_clock_that_is_not_set(here):
    """The error comes before anything is sent. Baidu has a login without the time."""
    ended = run(body("clock.unset = True\nattempt(new().connect, key_info)"), env=here.env)
    if here.name in NEED_TIME:
        words = "connect(): the clock says 1970: set it first, for example with ntptime.settime()"
        assert ended.lines == [f"OSError 22 {words}"]
        assert here.seen("login") == []
    else:
        assert ended.lines == ["returned 0"]


# The build for computers has every method.
METHODS = [("tencent", "hmacsha256"), ("tencent", "hmacsha1"), ("onenet", "sha1"), ("onenet", "md5"), ("baidu", "md5")]


@pytest.mark.parametrize(("here", "method"), [pair for pair in METHODS if pair[0] in CLOUDS], indirect=["here"])
def test_a_method_of_signing(here, method):
    ended = run(body("up(new()).end()"), env=here.env_at(here.tls_port, {**here.key_info, "signMethod": method}))
    assert (ended.lines, ended.errors) == (["connect 0"], "")
    assert here.wait_seen("login")["signmethod"].lower() == method


def test_one_secret_for_all_devices_of_a_product(cloud):
    """OneNET's access key of the product signs in place of the key of the device."""
    here = Vendor(cloud, "onenet")
    keys = {**cloud.vendors["onenet"]["product"], "deviceName": here.device}
    assert "productSecret" in keys and keys["productId"] == here.key_info["productId"]
    assert run(body("up(new()).end()"), env=here.env_at(here.tls_port, keys)).lines == ["connect 0"]
    assert here.wait_seen("login")["ok"]
    wrong = {**keys, "productSecret": here.key_info["deviceSecret"]}
    other = Vendor(cloud, "onenet")
    code, words = failing(other, {**wrong, "deviceName": other.device})
    assert code == 4, words


# ---- Certificates ----


@pytest.fixture(params=[name for name in CLOUDS if name in CERTIFICATES])
def certified(request, cloud):
    return Vendor(cloud, request.param, certificate=True)


def test_a_login_with_a_certificate(certified):
    assert {"cert", "key"} <= set(certified.key_info) and "deviceSecret" not in certified.key_info
    ended = run(body("device = up(new())\nprint(device.getDeviceInfo()['deviceSecret'] == '', device.end())"), env=certified.env)
    assert (ended.lines, ended.errors) == (["connect 0", "True 0"], "")


def test_another_devices_certificate(cloud, certified):
    """Baidu's login names no device: with the certificate of another one it is that one, which may not use these topics."""
    other = Vendor(cloud, certified.name, certificate=True).key_info
    key_info = {**certified.key_info, "cert": other["cert"], "key": other["key"]}
    if certified.name == "baidu":
        text = "device = up(new())\nwait(lambda: errors)\ndevice.end()"
        [up, refused] = run(body(text), env=certified.env_at(certified.tls_port, key_info)).lines
        assert refused == f"error -45 the server refused the subscription to $iot/{certified.device}/msg"
    else:
        code, words = failing(certified, key_info)
        assert code == 5 and words.startswith("refused: not authorised"), words


def test_a_certificate_of_nobody_that_the_cloud_knows(cloud, certified):
    stranger = {name: (cloud.dir / f"device-stranger.{end}").read_text() for name, end in (("cert", "pem"), ("key", "key"))}
    ended = run(body(FAILING.replace("SHIFT", "0")), env=certified.env_at(certified.tls_port, {**certified.key_info, **stranger}))
    assert ended.lines[0].startswith("error -43 TLS: ") and "the device's certificate" in ended.lines[0], ended.lines
    assert certified.seen("login") == []


def test_a_certificate_without_its_key_or_without_tls(certified):
    without_key = {name: value for name, value in certified.key_info.items() if name != "key"}
    text = f"""
        attempt(new().connect, {without_key!r})
        attempt(new().connect, dict(key_info, tls=False))
    """
    said = run(body(text), env=certified.env).lines
    assert said == ["ValueError connect(): 'cert' is given without 'key'", "ValueError connect(): 'cert' needs TLS"]


# ---- Each link ----

@on(["baidu"])
def test_a_refusal_of_a_login_without_the_time(here):
    """The clock is not set, so it cannot be the reason."""
    ended = run(body(FAILING.replace("clock.shift = SHIFT", "clock.unset = True")), env=here.env_at(here.tls_port, with_wrong_secret(here)))
    assert ended.lines == ["error 4 refused: wrong user name, password or secret"], ended.errors


AGAIN = """
device = new()
said = []
device.on(Device.ON_CONNECT, lambda data: (said.append(data), print("connect", data["code"])))
device.connect(key_info)
wait(lambda: said)
print("up")
sys.stdin.readline()
clock.shift = 180 * 86400
print("set")
sys.stdin.readline()
wait(lambda: len(said) == 2)
device.end()
"""


def test_each_link_is_signed_for_itself(here):
    """Both clocks jump by half a year while the device is connected. The login after a lost link is accepted, although the
    signature of the first one has ended."""
    with Script(body(AGAIN), env=here.env) as running:
        running.wait_line("up")
        here.clock(180 * DAY_S)
        running.say("")
        running.wait_line("set")
        here.do("drop")
        running.say("")
        assert running.wait() == 0, running.errors
    assert [line for line in running.lines if line.startswith("connect")] == ["connect 0", "connect 1"]
    assert [login["ok"] for login in here.seen("login")] == [True, True]


@on(SIGN_TIME)
def test_a_clock_that_is_set_after_a_refusal(here):
    text = """
        device = new()
        clock.shift = -180 * 86400
        device.connect(key_info)
        wait(lambda: errors)
        device.end()
        clock.shift = 0
        up(device).end()
    """
    ended = run(body(text), env=here.env)
    assert ended.lines[1:] == ["connect 0"], ended.lines
    assert [login["ok"] for login in here.seen("login")] == [False, True]


# ---- Messages ----


def test_posts_are_answered(here):
    ended = run(
        body("""
        device = up(new())
        replies = []
        print(device.postProps({"params": {"temperature": 21.5, "run": 1}}, lambda reply: replies.append(("props", reply["code"]))))
        wait(lambda: replies)
        print(device.postEvent({"id": "overheat", "params": {"temperature": 90}}, lambda reply: replies.append(("event", reply["code"]))))
        wait(lambda: len(replies) == 2)
        print(replies, device.end())
        """),
        env=here.env,
    )
    assert (ended.lines, ended.errors) == (["connect 0", "0", "0", "[('props', 200), ('event', 200)] 0"], "")
    post, event = here.wait_seen("property_post"), here.wait_seen("event_post")
    assert post["params"] == {"temperature": 21.5, "run": 1} and "fault" not in post
    assert (event["event"], event["params"]) == ("overheat", {"temperature": 90}) and "fault" not in event


@on(REPLY)
def test_a_post_that_the_cloud_refuses(here):
    here.cloud.do("reply", mode=1234, count=1, **here.where)
    text = """
        device = up(new())
        replies = []
        device.postProps({"params": {"temperature": 1}}, replies.append)
        wait(lambda: replies)
        print(replies[0]["code"], device.end())
    """
    assert run(body(text), env=here.env).lines == ["connect 0", "1234 0"]


ANSWERS = """
def on_props(request):
    print("set", sorted(json.loads(request["params"]).items()))
    return 200

def on_service(request):
    print("service", request["service_id"], request["params"])
    if request["service_id"] == "Fail":
        return 4711
    return {"temperature": 20}

device = new()
device.on(Device.ON_PROPS, on_props)
device.on(Device.ON_SERVICE, on_service)
up(device)
# The subscriptions went before it.
posted = []
device.postProps({"params": {"temperature": 21}}, posted.append)
wait(lambda: posted)
print("ready")
sys.stdin.readline()
print("end", device.end())
"""


def test_a_set_and_commands_are_answered(here):
    has_services = here.name not in WITHOUT_SERVICES
    with Script(body(ANSWERS), env=here.env) as running:
        running.wait_line("ready")
        here.do("set", params={"run": 0})
        running.wait_line("set [('run', 0)]")
        if has_services:
            for service in ("Read", "Fail"):
                here.do("service", service=service, params={"unit": 1})
                running.wait_line(f'service {service} {{"unit":1}}')
            here.wait_seen("service_reply", lambda record: record.get("service") == "Fail")
        running.say("")
        assert running.wait() == 0, running.errors
    assert not any(line.startswith("error") for line in running.lines), running.lines
    if here.name not in WITHOUT_SET_REPLY:
        reply = here.wait_seen("set_reply")
        assert "fault" not in reply, reply
    if has_services:
        good, bad = here.seen("service_reply")
        assert good["service"] == "Read" and good["data"] == {"temperature": 20} and "fault" not in good, good
        assert good["code"] in (0, 200) and bad["code"] == 4711, (good, bad)


def test_the_time(here):
    """Where the cloud tells it; elsewhere an exception says that it does not."""
    text = """
        device = up(new())
        told = []
        try:
            device.getNtpTime(told.append)
            wait(lambda: told)
            print(abs(told[0]["timestamp"] - time.time()) < 100)
        except NotImplementedError as error:
            print(error)
        device.end()
    """
    ended = run(body(text), env=here.env)
    words = f"getNtpTime(): cloud '{here.name}' does not have this service" if here.name in WITHOUT_TIME else "True"
    assert (ended.lines, ended.errors) == (["connect 0", words], "")


@on(set(CLOUDS) - {"aliyun"})
def test_what_only_alibaba_has(here):
    text = """
        device = up(new())
        attempt(device.postRaw, {"param": b"x"})
        attempt(device.getDesired, ["a"], print)
        attempt(device.uploadContent, "a", b"b")
        device.end()
    """
    lacks = [f"NotImplementedError {method}(): cloud '{here.name}' does not have this service" for method in ("postRaw", "getDesired", "uploadContent")]
    assert run(body(text), env=here.env).lines == ["connect 0", *lacks]


def test_messages_alone(here):
    """With 'services': False the same login subscribes to nothing and answers nothing."""
    text = """
        device = up(new(), services=False)
        attempt(device.postProps, {"params": {"a": 1}})
        attempt(device.getNtpTime, print)
        published = []
        print(device.publish({"topic": TOPIC, "payload": "hello", "qos": 1}, published.append))
        wait(lambda: published)
        print(device.end())
    """
    ended = run(body(text.replace("TOPIC", repr(here.user_topic()))), env=here.env)
    off = "NotImplementedError {}(): connect() was called with 'services': False"
    assert ended.lines == ["connect 0", off.format("postProps"), off.format("getNtpTime"), "0", "0"], ended.errors
    assert here.wait_seen("publish")["payload"] == "hello"
    assert here.seen("subscribe") == []


def refuse_subscriptions(connection, over):
    """A server that accepts each login and refuses each subscription (MQTT 3.1.1, sections 3.2 and 3.9)."""
    while packet := connection.recv(1):
        length, shift = 0, 0
        while (byte := connection.recv(1)[0]) & 0x80:
            length, shift = length | (byte & 0x7F) << shift, shift + 7
        length |= byte << shift
        body = b""
        while len(body) < length:
            body += connection.recv(length - len(body))
        if packet[0] == 0x10:
            connection.sendall(b"\x20\x02\0\0")
        elif packet[0] == 0x82:
            connection.sendall(b"\x90\x03" + body[:2] + b"\x80")


@on(set(CLOUDS) - {"aliyun"})
def test_a_refused_subscription_of_the_librarys_own(here):
    """Without it no property set would arrive: the script gets an error."""
    with Server(refuse_subscriptions) as server:
        text = """
            device = up(new(), tls=False)
            wait(lambda: errors)
            time.sleep_ms(200)
            device.end()
        """
        lines = run(body(text), env=here.env_at(server.port)).lines
    assert lines[0] == "connect 0" and len(lines) > 1
    assert all(line.startswith("error -45 the server refused the subscription to ") for line in lines[1:]), lines


# ---- Bad input ----


def test_bad_input(cloud):
    """Each fault is named, in words that the script wrote, and nothing is sent."""
    tencent = Vendor(cloud, "tencent")
    cases = [
        ({"cloud": "aws"}, "ValueError connect(): 'cloud' must be 'aliyun', 'tencent', 'onenet', 'huawei', 'tuya', 'baidu', 'tlink' or 'plain', not 'aws'"),
        ({"cloud": 3}, "TypeError 'cloud' must be str, not int"),
        ({"cloud": "tencent", "deviceName": "a"}, "ValueError connect(): 'productId' is missing"),
        ({"cloud": "tencent", "deviceName": "a", "produtId": "b"}, "ValueError connect(): 'productId' is missing; 'produtId' is not known"),
        ({"cloud": "tencent", "deviceName": "a", "productid": "b"}, "ValueError connect(): 'productid' is not known; 'productId' is"),
        ({"cloud": "tencent", "deviceName": "a", "productKey": "b"}, "ValueError connect(): 'productId' is missing; 'productKey' is a key of cloud 'aliyun'"),
        ({"deviceName": "a", "productId": "b"}, "ValueError connect(): 'productKey' is missing; 'productId' is a key of cloud 'tencent'"),
        ({**tencent.key_info, "serviceId": "b"}, "ValueError connect(): 'serviceId' is a key of cloud 'huawei', not of 'tencent'"),
        ({**tencent.key_info, "colour": "b"}, "ValueError connect(): 'colour' is not known"),
        ({**tencent.key_info, "productId": 5}, "TypeError 'productId' must be str, not int"),
        ({**tencent.key_info, "services": 1}, "TypeError 'services' must be bool, not int"),
        ({**tencent.key_info, "host": "a:1"}, "ValueError connect(): host must be a name or an address alone; use 'port' for the port"),
        ({**tencent.key_info, "deviceSecret": "no base64!"}, "ValueError connect(): deviceSecret is missing, too long, or not as the cloud's console shows it"),
        ({**tencent.key_info, "signMethod": "hmacsha3"}, "ValueError connect(): signMethod is none of the cloud's, or this firmware leaves it out"),
        ({"cloud": "tlink", "deviceName": "a", "userName": "", "password": "b"}, "ValueError connect(): userName is missing, too long, or has a character that the cloud forbids"),
        ({"cloud": "huawei", "deviceName": "a", "deviceSecret": "b"}, "ValueError connect(): endpoint is missing, too long, or has a character that the cloud forbids"),
        ({"cloud": "tuya", "deviceName": "a", "deviceSecret": "b", "region": "mars"}, "ValueError connect(): region is none of the cloud's"),
        ({"cloud": "plain"}, "ValueError connect(): 'host' is missing"),
        ({"cloud": "plain", "host": "a", "password": "b"}, "ValueError connect(): userName is missing or not text"),
    ]
    text = f"for data in {[data for data, _ in cases]!r}:\n    attempt(Device().connect, data)\n"
    before = len(cloud.seen(kind="login"))
    assert run(script(text)).lines == [words for _, words in cases]
    assert len(cloud.seen(kind="login")) == before


def test_calls_before_connect(here):
    text = """
        device = Device()
        print(device.postProps({"params": {"a": 1}}), device.postEvent({"id": "a", "params": {}}), device.getNtpTime(print))
        print(device.publish({"topic": "a"}), device.subscribe({"topic": "a"}), device.end(), device.reply("1", 200))
        up(device).end()
    """
    assert run(body(text), env=here.env).lines == ["-1 -1 -1", "-1 -1 -1 -1", "connect 0"]


def test_a_second_connect(here):
    text = """
        device = up(new())
        attempt(device.connect, key_info)
        device.end()
        up(device).end()
    """
    already = "OSError 106 already connected: call end() first"
    assert run(body(text), env=here.env).lines == ["connect 0", already, "connect 0"]


# ---- Any broker ----


def test_any_broker(cloud, tmp_path):
    """Messages over TLS, and no thing model."""
    with Broker(tmp_path, certificates=cloud.dir) as broker:
        text = f"""
            with open({str(cloud.ca_file)!r}) as file:
                ca = file.read()
            device = new()
            got, replies = [], []
            device.on(Device.ON_SUBCRIBE, got.append)
            connected = []
            device.on(Device.ON_CONNECT, connected.append)
            device.connect({{"cloud": "plain", "host": "localhost", "port": {broker.tls_port}, "ca": ca, "clientId": "lamp", "keepaliveSec": 0}})
            wait(lambda: connected)
            device.subscribe({{"topic": "a/+", "qos": 1}})
            device.publish({{"topic": "a/b", "payload": "hello", "qos": 1}}, lambda reply: replies.append(reply["code"]))
            wait(lambda: len(got) > 0 and len(replies) > 0)
            print(sorted(got[0].items()), replies)
            attempt(device.postProps, {{"params": {{"a": 1}}}})
            attempt(device.getNtpTime, print)
            print(device.getDeviceInfo(), device.end())
        """
        ended = run(script(CLOCK + BEGIN.replace("from credentials import key_info\n", "") + textwrap.dedent(text)))
    assert ended.errors == ""
    lacks = "NotImplementedError {}(): cloud 'plain' does not have this service"
    [message, posted, time, about] = ended.lines
    assert message == "[('payload', 'hello'), ('qos', 1), ('topic', 'a/b')] [200]"
    assert [posted, time] == [lacks.format("postProps"), lacks.format("getNtpTime")]
    assert "'deviceName': 'lamp'" in about and about.endswith(" 0")


# ---- A bad network ----

# Three times a session is lost right after its begin, and the device takes it for a kick and waits for minutes. So each round
# has two cuts, and begins with a call of connect.
ROUNDS, CUTS, MESSAGES = 10, 2, 16
# After the handshakes of TLS and MQTT, in the midst of the messages.
AFTER = 6_000
CUT = """
device = new()
delivered = []
lost = []
device.on(Device.ON_DISCONNECT, lost.append)
device.on(Device.ON_ERROR, None)
for turn in range(ROUNDS):
    connected = []
    device.on(Device.ON_CONNECT, connected.append)
    device.connect(key_info)
    wait(lambda: connected, 100)
    for number in range(turn * MESSAGES, (turn + 1) * MESSAGES):
        message = {"topic": TOPIC, "payload": "%04d%s" % (number, "." * 700), "qos": 1}
        wait(lambda: device.publish(message, delivered.append) == 0, 100)
        time.sleep_ms(2)
    wait(lambda: len(delivered) == (turn + 1) * MESSAGES, 100)
    device.end()
print(len(lost), len(delivered), set(reply["code"] for reply in delivered))
"""


@pytest.mark.slow
def test_twenty_cuts_lose_nothing(cloud):
    """On all clouds at once, over TLS."""
    never = Fault("cut", 1 << 40)
    with contextlib.ExitStack() as stack:
        running = []
        for name in CLOUDS:
            here = Vendor(cloud, name)
            faults = ([Fault("cut", AFTER)] * CUTS + [never]) * ROUNDS
            network = stack.enter_context(Network(here.tls_port, faults))
            code = CUT.replace("ROUNDS", str(ROUNDS)).replace("MESSAGES", str(MESSAGES)).replace("TOPIC", repr(here.user_topic()))
            running.append((here, stack.enter_context(Script(body(code), env=here.env_at(network.port), limit=300))))
        for here, script in running:
            assert script.wait() == 0, (here.name, script.lines, script.errors)
            assert script.lines[-1] == f"{ROUNDS * CUTS} {ROUNDS * MESSAGES} {{200}}", here.name
            sent = [int(record["payload"][:4]) for record in here.seen("publish")]
            assert list(dict.fromkeys(sent)) == list(range(ROUNDS * MESSAGES)), here.name
