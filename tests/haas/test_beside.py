"""`sntp`, `modem`, `ulinksdk`, and the modules that HaaS firmware has and MicroPython has not."""

import socket
import struct
import threading
import time

import pytest

from micropython import ROOT, WITH_A_NUMBER, family_path, run

HAAS = {"MICROPYPATH": family_path("haas")}
FOLDER = ROOT / "micropython" / "compat" / "haas"
SINCE_1900 = 2208988800

WITH_A_CLOCK = """
import sys

class machine:
    class RTC:
        def datetime(self, given):
            print(given)

sys.modules["machine"] = machine
import sntp
sntp._TIMEOUT_S, sntp._PAUSE_MS = 0.2, 1
"""


def lines(script, *more):
    ended = run(script, *more, env=HAAS)
    assert (ended.code, ended.errors) == (0, "")
    return ended.lines


class TimeServer:
    """Answers questions with what `answers` makes of each, in turn; the last one goes on."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.name = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            question, sender = self.socket.recvfrom(100)
            if not question:
                return
            self.asked.append(question)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if answer is not None:
                self.socket.sendto(answer, sender)


def answer(at, mode=4, stratum=2):
    """RFC 4330: the time of sending is at 40."""
    seconds = (at + SINCE_1900) % (1 << 32)
    return bytes([3 << 3 | mode, stratum]) + bytes(38) + struct.pack(">II", seconds, 0)


# 2026-11-30 12:34:56 UTC, a Monday; and a time after the counter has started again at 0.
MONDAY, LATER = 1796042096, 2100000000


@pytest.mark.parametrize("at", [MONDAY, LATER])
@pytest.mark.parametrize(("call", "result"), [("setTime('CST-8', {!r})", "None"), ("settime({!r})", "1")])
def test_the_clock_is_set_to_utc(call, result, at):
    with TimeServer(answer(at)) as server:
        said = lines(WITH_A_CLOCK + f"print(sntp.{call.format(server.name)})\n")
    when = time.gmtime(at)
    # machine.RTC: year, month, day, weekday from Monday, hour, minute, second, fraction.
    assert said == [str((*when[:3], when.tm_wday, *when[3:6], 0)), result]
    assert server.asked == [b"\x1b" + bytes(47)]


def test_answers_without_a_time_are_asked_again():
    """Silence, a short answer, one of a client, and a server that has no time itself."""
    with TimeServer(None, b"\x1c\2", answer(MONDAY, mode=3), answer(MONDAY, stratum=0), answer(MONDAY)) as server:
        said = lines(WITH_A_CLOCK + f"print(sntp.setTime('CST-8', {server.name!r}))\n")
    assert said[1:] == ["None"] and len(server.asked) == 5


def test_a_name_that_cannot_be_resolved_is_asked_again():
    script = """
import socket
asked = []
class Resolver:
    AF_INET, SOCK_DGRAM = socket.AF_INET, socket.SOCK_DGRAM
    socket = socket.socket

    @staticmethod
    def getaddrinfo(host, port, *more):
        asked.append(host)
        if len(asked) < 3:
            raise OSError(-2)
        return socket.getaddrinfo("127.0.0.1", PORT, *more)

sntp._socket = Resolver
print(sntp.settime("time.example"), asked)
"""
    with TimeServer(answer(MONDAY)) as server:
        said = lines(WITH_A_CLOCK + script.replace("PORT", server.name.split(":")[1]))
    assert said[1:] == ["1 ['time.example', 'time.example', 'time.example']"]


@pytest.mark.parametrize("call", ["setTime('CST-8', {!r})", "settime({!r})"])
def test_without_an_answer_the_clock_stays(call):
    with TimeServer(None) as server:
        assert lines(WITH_A_CLOCK + f"print(sntp.{call.format(server.name)})\n") == ["-1"]
    assert len(server.asked) == 5


def test_a_computer_has_the_time():
    assert lines("import sntp\nprint(sntp.setTime(), sntp.setTime('UTC'), sntp.settime())\n") == ["None None 1"]


def test_wrong_calls_of_sntp():
    script = """
import sntp
for call, *given in (
    (sntp.setTime, 8),
    (sntp.setTime, "CST-8", b"x"),
    (sntp.setTime, ""),
    (sntp.settime, 5),
    (sntp.settime, "localhost:ntp"),
    (sntp.settime, "localhost:123456"),
    (sntp.settime, ":123"),
):
    try:
        print(call(*given))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
"""
    assert lines(script) == [
        "TypeError setTime(): 'zone' must be str, not int",
        "TypeError setTime(): 'server' must be str, not bytes",
        "ValueError setTime(): 'zone' is empty",
        "TypeError settime(): 'server' must be str, not int",
        "ValueError settime(): 'server' must be a name, or name:port (localhost:ntp)",
        "ValueError settime(): 'server' must be a name, or name:port (localhost:123456)",
        "ValueError settime(): 'server' must be a name, or name:port (:123)",
    ]


def test_modem():
    script = """
import modem
from modem import info, net, sim
print(modem.getDevImei(), info.getDevImei(), sim.getStatus(), sim.getIccid(), modem.sim.getImsi())
print(net.getCsq(), net.csqQueryPoll(), net.getCellInfo(), net.getModem())
print([type(call()) is str for call in (info.getDevModel, info.getDevFwVersion, info.getDevProductId)])
try:
    modem.fly
except AttributeError as error:
    print(error)
try:
    from modem import sms
except ImportError as error:
    print(error)
"""
    rest = [
        "99 99 -1 0",
        "[True, True, True]",
        "module 'modem' has no attribute 'fly'",
        "there is no 'modem.sms' here: send AT commands to a modem over driver.UART (docs/from-haas.md)",
    ]
    assert lines(WITH_A_NUMBER + script) == ["01ab 01ab -1 None None", *rest]
    without_a_number = "import sys\nsys.modules['machine'] = object()\n"
    assert lines(without_a_number + script) == ["None None -1 None None", *rest]


def test_ulinksdk_is_another_name():
    script = "from ulinksdk.aliyunIoT import Device\nimport aliyunIoT\nprint(Device is aliyunIoT.Device)\n"
    assert lines(script) == ["True"]


MISSING = [path.stem for path in FOLDER.glob("*.py") if "refuse(__name__)" in path.read_text()]


def test_what_is_missing_is_named_on_the_pages():
    assert len(MISSING) > 10
    for page in ("from-haas.md", "from-haas.zh.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for name in MISSING + ["modem.sms", "modem.voiceCall"]:
            assert f"`{name}`" in text, (page, name)


@pytest.mark.parametrize("name", MISSING)
def test_the_import_of_what_is_missing_says_what_to_use(name):
    """At each import."""
    script = f"""
for _ in range(2):
    try:
        import {name}
    except ImportError as error:
        print(error)
"""
    first, second = lines(script)
    assert first == second and first.startswith(f"there is no '{name}' here: ") and first.endswith(" (docs/from-haas.md)")
