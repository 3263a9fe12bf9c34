"""The script of QuecPython's guide to Alibaba's cloud, as its author wrote it, on the built MicroPython.

The guide is not part of this project. It is read from the folder that API_DOCS names, else from `api-docs` in the folder
`shared` beside the repository. Nothing in the script is changed: the local cloud has the product and the device that it names.
"""

import re

import pytest

from cloud import Cloud
from micropython import Script, family_path
from test_haas_page import FOLDER

# When the main program has ended and the device goes on.
STAYS = "aliyunIoT: the main program has ended; callbacks go on until the last device ends, or Ctrl-C"

GUIDE = FOLDER / "quecpython-aliyun-guide.md"

pytestmark = pytest.mark.skipif(
    not GUIDE.is_file(),
    reason=f"the API page is not there: {GUIDE}; API_DOCS may name the folder that has it",
)


class Guide:
    """Its script, what the script says of its device, and what it publishes."""

    def __init__(self):
        blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        [self.script] = [block for block in blocks if "from aLiYun import aLiYun" in block]
        self.product = self.literal("productKey")
        self.product_secret = self.literal("productSecret")
        self.device = self.literal("DeviceName")
        [(product, self.topic)] = set(re.findall(r'publish_topic1 = "(/\w+)" \+ "/" \+ self.productKey \+ "/" \+ ("\w+")', self.script))
        self.topic = f"{product}/{self.product}/{self.topic.strip(chr(34))}"
        [self.message] = re.findall(r'"msg": "(hello .*?)"', self.script)

    def literal(self, name):
        [value] = re.findall(rf"self\.{name} = [\"'](.*?)[\"']", self.script)
        return value


@pytest.fixture(scope="module")
def guide():
    return Guide()


@pytest.fixture(scope="module")
def cloud(guide):
    """It lets the product's devices publish to its broadcast topics, as the guide's console does."""
    names = ["--product-key", guide.product, "--product-secret", guide.product_secret, "--device-name", guide.device]
    with Cloud(*names) as running:
        running.do("product", productKey=guide.product, broadcast=True)
        yield running


def received(guide):
    """What the script prints of a message."""
    return f"Subscribe Recv: Topic={guide.topic},Msg={guide.message}"


def test_it_says_hello_every_two_seconds_and_hears_it(guide, cloud):
    with Script(guide.script, cloud, env={"MICROPYPATH": family_path("quecpython")}) as script:
        plays(script, guide, cloud)
        assert [line.text for line in script.stderr] == [STAYS]


def plays(script, guide, cloud):
    script.wait_line("Runing")
    script.wait_line(STAYS)
    for _ in range(3):
        script.wait_line(received(guide), after=len(script.lines))
    before = len(script.lines)
    # The platform calls, and the script publishes to "xxx", which is no topic of its device: so the server closes the
    # connection, and the device connects again.
    cloud.do("rrpc", device=guide.device, service="any", params={})
    lost = script.wait_line("connection lost", after=before).text
    script.wait_line(received(guide), after=len(script.lines))
    script.wait_line(received(guide), after=len(script.lines))
    lines = script.lines
    assert lines[0] == lines[6] == "=" * 50
    assert [line.split(":")[0].strip() for line in lines[1:6]] == [
        "PROJECT_NAME",
        "PROJECT_VERSION",
        "FIRMWARE_VERSION",
        "POWERON_REASON",
        "SIM_CARD_STATUS",
    ]
    assert set(lines[7:]) - {received(guide), STAYS} == {"Runing", lost}
    saw(guide, cloud)


def saw(guide, cloud):
    """What the cloud has seen of the script: a registration, a login and a subscription, which the second connection still
    has, and a message each two seconds."""
    records = cloud.seen(device=guide.device)
    kinds = [record["kind"] for record in records if record["kind"] in ("registration", "login", "subscribe", "unsubscribe")]
    assert kinds == ["registration", "login", "subscribe", "login"]
    registration, login = records[0], next(record for record in records if record["kind"] == "login")
    assert registration["ok"] and (login["ok"], login["tls"], login["clean"], login["keepalive"]) == (True, True, False, 60)
    assert login["clientId"].startswith("clientID|")
    published = [record for record in records if record["kind"] == "publish"]
    assert {(record["topic"], record["payload"]) for record in published} == {(guide.topic, guide.message)}
    # The first one may have come late.
    assert len(published) >= 5 and published[-1]["at"] - published[0]["at"] > 2000 * (len(published) - 2)
