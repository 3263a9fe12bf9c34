"""Does a script live on behind its end while a device is connected, and only then?"""

import subprocess
import time

import pytest

from micropython import Script, environment, program, run
from scripts import PRELUDE, STAYING, STAYS


def test_callbacks_go_on_until_the_device_ends(cloud, device):
    name = device["deviceName"]
    with Script(STAYING + 'print("main ends")\n', cloud, device) as running:
        running.wait_line("connected")
        for number in range(3):
            cloud.do("set", device=name, params={"a": number})
            running.wait_line('props {"a":%d}' % number)
        cloud.do("service", device=name, service="end")
        assert running.wait() == 0
    assert running.lines[-2:] == ["end 0", "closed"]
    assert running.errors == STAYS


def test_ctrl_c_ends_it(cloud, device):
    with Script(STAYING, cloud, device) as running:
        running.wait_line("connected")
        running.interrupt()
        assert running.wait() == 130
    assert running.errors == STAYS


def test_ctrl_c_in_a_callback_ends_it(cloud, device):
    body = STAYING + "def spins(request):\n    print('spins')\n    while True:\n        pass\ndevice.on(Device.ON_PROPS, spins)\n"
    with Script(body, cloud, device) as running:
        running.wait_line("connected")
        cloud.do("set", device=device["deviceName"], params={})
        running.wait_line("spins")
        running.interrupt()
        assert running.wait() == 130
    assert running.errors == STAYS


# Ends of a main program behind which nothing goes on, and the exit code.
ENDS = {
    "raises": ("raise ValueError('my own')", 1),
    "sys.exit": ("sys.exit()", 0),
    "sys.exit with a code": ("sys.exit(7)", 7),
    "its device has ended": ("wait(lambda: device.poll() >= 0)\ndevice.end()", 0),
    "SystemExit in a function": ("def main():\n    raise SystemExit(3)\nmain()", 3),
}


@pytest.mark.parametrize("how", ENDS)
def test_others_end_at_once(cloud, device, how):
    text, code = ENDS[how]
    ended = run(STAYING + text + "\n", cloud, device)
    assert ended.code == code
    assert STAYS not in ended.errors


@pytest.mark.parametrize("text", ["", "device = Device()", "def on_props(data):\n    pass\nDevice().onProps(on_props)"])
def test_a_script_without_a_connected_device_ends_at_once(text):
    ended = run(PRELUDE + text + "\n")
    assert (ended.code, ended.lines, ended.errors) == (0, [], "")


def test_it_stays_while_it_connects_in_vain(cloud, device):
    with Script(STAYING, cloud, device, env={"ALIYUN_IOT_ENDPOINT": "localhost:1"}) as running:
        running.wait_line("error -42")
        running.wait_line(STAYS)
        time.sleep(0.5)
        assert running._process.poll() is None
        running.interrupt()
        assert running.wait() == 130


def test_it_stays_until_the_last_of_several_devices_ends(cloud, device):
    other = cloud.new_device()
    body = STAYING + f"""
second = Device()
second.on(Device.ON_CONNECT, lambda data: print("second connected"))
second.on(Device.ON_SERVICE, lambda request: print("second ends", second.end()))
second.on(Device.ON_ERROR, None)
second.connect(dict(key_info, deviceName={other["deviceName"]!r}, deviceSecret={other["deviceSecret"]!r}))
"""
    with Script(body, cloud, device) as running:
        # In either order.
        for line in ("connected", "second connected"):
            running.wait_line(lambda text, line=line: text == line)
        cloud.do("service", device=device["deviceName"], service="end")
        running.wait_line("closed")
        time.sleep(0.3)
        cloud.do("service", device=other["deviceName"], productKey=other["productKey"], service="end")
        running.wait_line("second ends")
        assert running.wait() == 0


def test_a_thread_that_ends_the_device_ends_it(cloud, device):
    body = STAYING + "import _thread\n_thread.start_new_thread(lambda: (time.sleep(1), device.end()), ())\n"
    with Script(body, cloud, device) as running:
        running.wait_line(STAYS)
        assert running.wait() == 0


def test_sys_atexit_comes_after_it(cloud, device):
    body = STAYING + "sys.atexit(lambda: print('at exit'))\n"
    with Script(body, cloud, device) as running:
        running.wait_line("connected")
        assert "at exit" not in running.lines
        cloud.do("service", device=device["deviceName"], service="end")
        assert running.wait() == 0
    assert running.lines[-1] == "at exit"


@pytest.mark.parametrize("how", ["-c", "stdin", "-m", "-i"])
def test_what_is_no_script_ends_as_before(cloud, device, tmp_path, how):
    (tmp_path / "module_of_mine.py").write_text(STAYING + 'print("main ends")\n')
    command = {
        "-c": [program(), "-c", STAYING + 'print("main ends")'],
        "stdin": [program()],
        "-m": [program(), "-m", "module_of_mine"],
        "-i": [program(), "-i", "module_of_mine.py"],
    }[how]
    # At the prompt, the end of its input.
    said = {"stdin": STAYING + 'print("main ends")\n', "-i": "\x04"}.get(how, "")
    ended = subprocess.run(command, input=said, cwd=tmp_path, env=environment(cloud, device), capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert "main ends" in ended.stdout and STAYS not in ended.stderr


@pytest.mark.bare
def test_a_script_that_waits_costs_nothing(cloud, device):
    with Script(STAYING, cloud, device) as running:
        running.wait_line("connected")
        running.wait_line(STAYS)
        time.sleep(0.5)

        def used():
            with open(f"/proc/{running.pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])

        before = used()
        time.sleep(3)
        assert used() - before <= 2, "ticks of 10 ms in three seconds"
