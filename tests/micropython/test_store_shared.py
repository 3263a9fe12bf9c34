"""A store that others use too: threads, other programs, other users, and what somebody has put in its place."""

import concurrent.futures
import contextlib
import hashlib
import json
import os
import signal
import socket
import stat
import time

import pytest

from micropython import Script, run
from scripts import script

# ---- Nothing that was acknowledged is lost

SET_MANY = """
import kv, sys

who, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    kv.set("%s-%d" % (who, number), "x")
    if number % 3 == 0:
        kv.remove("%s-%d" % (who, number))
    else:
        print("%s-%d" % (who, number))
"""
READ_ALL = """
import kv, sys
print(sum(kv.get(name) is None for name in sys.stdin.read().split()))
"""


def missing(store, names):
    """How many of the names are not stored."""
    with Script(READ_ALL, env={"ALIYUN_IOT_STORE": str(store)}) as reader:
        reader.say("\n".join(names))
        reader._process.stdin.close()
        assert reader.wait() == 0, reader.errors
    return int(reader.lines[-1])


def test_programs_that_write_at_the_same_time_lose_nothing(tmp_path, figure):
    store, programs, count = tmp_path / "kv", 8, 30

    def one(who):
        return run(SET_MANY, env={"ALIYUN_IOT_STORE": str(store)}, arguments=[f"p{who}", str(count)])

    with concurrent.futures.ThreadPoolExecutor(programs) as pool:
        ended = list(pool.map(one, range(programs)))
    assert [(each.code, each.errors) for each in ended] == [(0, "")] * programs
    acknowledged = [name for each in ended for name in each.lines]
    assert len(acknowledged) == programs * count * 2 // 3
    lost = missing(store, acknowledged)
    figure(f"{programs} programs set {len(acknowledged)} texts in one store: {lost} were lost")
    assert lost == 0


def test_threads_that_write_at_the_same_time_lose_nothing(tmp_path):
    body = """
    import _thread, kv

    left = [4]
    lock = _thread.allocate_lock()
    refused = []

    def work(who):
        for number in range(25):
            try:
                kv.set("%d-%d" % (who, number), "x")
            except Exception as error:
                refused.append(error)
        with lock:
            left[0] -= 1

    for who in range(4):
        _thread.start_new_thread(work, (who,))
    while left[0]:
        time.sleep_ms(10)
    print(refused, sum(kv.get("%d-%d" % (who, number)) is None for who in range(4) for number in range(25)))
    """
    ended = run(script(body), env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
    assert (ended.code, ended.lines) == (0, ["[] 0"]), ended.errors


REGISTER = """
info = {
    "productKey": key_info["productKey"],
    "deviceName": key_info["deviceName"],
    "productSecret": os.getenv("ALIYUN_PRODUCT_SECRET"),
}
device = Device()
device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))
"""


def test_programs_that_register_at_the_same_time_keep_all_secrets(cloud, tmp_path):
    store, devices = tmp_path / "kv", [cloud.new_device() for _ in range(5)]
    body = script(REGISTER + "print(device.register(info, None))\n")
    again = script(REGISTER + "device.register(info, lambda secret: print(secret))\n")

    env = {"ALIYUN_IOT_STORE": str(store)}
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(Script(body, cloud, device, env=env)) for device in devices]
        assert [each.wait() for each in running] == [0] * len(devices)
        assert [each.lines for each in running] == [["0"]] * len(devices), [each.errors for each in running]
    secrets = {run(again, cloud, device, env=env).lines[0] for device in devices}
    asked = [record["device"] for record in cloud.seen(kind="registration")]
    assert len(secrets) == len(devices) and all(asked.count(device["deviceName"]) == 1 for device in devices)


# ---- A lock that nobody gives back


def test_a_program_that_was_killed_locks_nobody_out(tmp_path):
    env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    for _ in range(5):
        with Script("import kv\nnumber = 0\nwhile True:\n    number += 1\n    kv.set('n', str(number))\n    print(number)\n", env=env) as other:
            other.wait_line("3")
            other._process.send_signal(signal.SIGKILL)
        ended = run("import kv\nprint(kv.set('mine', 'x' + kv.get('n')))", env=env)
        assert ended.lines == ["0"], ended.errors


def locked(folder):
    """The files of a store in this folder that somebody has locked."""
    import fcntl

    held = []
    for path in folder.iterdir():
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                held.append(path)
    return held


STUCK = """
import kv
number = 0
while True:
    number += 1
    kv.set("number", str(number) + "x" * 20000)
"""


def stop_with_the_lock(script, folder):
    """Stops a program in the middle of a write."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        script._process.send_signal(signal.SIGSTOP)
        # The signal may take a moment to arrive.
        time.sleep(0.02)
        if locked(folder):
            return
        script._process.send_signal(signal.SIGCONT)
        time.sleep(0.003)
    raise AssertionError("it was never in the middle of a write")


def test_a_program_that_stands_still_is_waited_for_but_not_for_ever(tmp_path):
    env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    with Script(STUCK, env=env) as other:
        stop_with_the_lock(other, tmp_path)
        ended = run(script("import kv\nattempt(kv.set, 'a', 'b')\n"), env=env)
        assert ended.lines == ["OSError 110 another program or thread has the store locked"], ended.errors
        other._process.send_signal(signal.SIGCONT)
        ended = run(script("import kv\nattempt(kv.set, 'a', 'b')\n"), env=env)
        assert ended.lines == ["returned 0"], ended.errors


def test_ctrl_c_ends_the_wait(tmp_path):
    env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    body = """
    import kv
    print("waits")
    try:
        kv.set("a", "b")
    except KeyboardInterrupt:
        print("interrupted")
    sys.stdin.readline()
    print(kv.set("a", "b"))
    """
    with Script(STUCK, env=env) as other:
        stop_with_the_lock(other, tmp_path)
        with Script(script(body), env=env) as waiting:
            waiting.wait_line("waits")
            waiting.interrupt()
            waiting.wait_line("interrupted", timeout=8)
            other._process.send_signal(signal.SIGCONT)
            other.stop()
            waiting.say("")
            assert waiting.wait() == 0 and waiting.lines[-1] == "0", waiting.errors


# ---- What has taken the place of a file: told, neither obeyed nor written over

EVERYTHING = """
import kv

attempt(kv.get, "a")
attempt(kv.set, "a", "b")
attempt(kv.remove, "a")
attempt(Device().getDeviceInfo)
attempt(Device().connect, {"productKey": "k", "deviceName": "d"})
attempt(Device().register, {"productKey": "k", "deviceName": "d", "productSecret": "s"}, None)
"""
CALLS = 6


def whole(text):
    return hashlib.sha256(text.encode()).hexdigest() + text


def fifo(path, _):
    os.mkfifo(path)


def a_socket(path, keep):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    keep.append(server)


def a_directory(path, _):
    path.mkdir()


def of_another_user(path, _):
    path.write_text(whole('[5, {"a": "theirs"}]'))
    path.chmod(0o644)
    os.chown(path, 12345, 12345)


def a_link_of_another_user(path, _):
    target = path.with_name("target")
    target.write_text(whole('[5, {"a": "theirs"}]'))
    path.symlink_to(target)
    os.chown(path, 12345, 12345, follow_symlinks=False)


def a_link_to_another_users(path, _):
    target = path.with_name("target")
    target.write_text(whole('[5, {"a": "theirs"}]'))
    os.chown(target, 12345, 12345)
    path.symlink_to(target)


def a_hard_link_to_another_users(path, _):
    target = path.with_name("target")
    target.write_text(whole('[5, {"a": "theirs"}]'))
    os.chown(target, 12345, 12345)
    os.link(target, path)


def a_device(path, _):
    path.symlink_to("/dev/zero")


def a_loop(path, _):
    path.symlink_to(path.name)


def written_by_all(path, _):
    path.write_text(whole('[5, {"a": "theirs"}]'))
    path.chmod(0o666)


def huge(path, _):
    with path.open("wb") as file:
        file.truncate(1 << 40)


def large(path, _):
    path.write_text(whole('[5, {"a": "%s"}]' % ("x" * 300_000)))


def saying(text):
    def write(path, _):
        path.write_text(whole(text))

    return write


IN_ITS_PLACE = {
    "a FIFO": (fifo, "is not a regular file"),
    "a socket": (a_socket, "is not a regular file"),
    "a directory": (a_directory, "OSError 21"),
    "another user's": (of_another_user, "belongs to another user"),
    "another user's link": (a_link_of_another_user, "is a link of another user"),
    "a link to another user's": (a_link_to_another_users, "belongs to another user"),
    "a hard link to another user's": (a_hard_link_to_another_users, "belongs to another user"),
    "a device": (a_device, "is not a regular file"),
    "a loop": (a_loop, "cannot be read"),
    "writable by all": (written_by_all, "can be written by others"),
    "a terabyte": (huge, "is too large"),
    "300 kB": (large, "is too large"),
    **{
        f"says {text[:40]}": (saying(text), "was not written by this library")
        for text in (
            "x",
            "5",
            "null",
            "{}",
            "[]",
            "[1]",
            "[1, {}, 2]",
            "[1, []]",
            "[1, null]",
            '["1", {}]',
            "[1.5, {}]",
            "[true, {}]",
            "[null, {}]",
            "[-1, {}]",
            "[1073741823, {}]",
            "[4294967295, {}]",
            "[9223372036854775807, {}]",
            "[9223372036854775808, {}]",
            "[1e400, {}]",
            f"[{'9' * 2000}, {{}}]",
            '[1, {"a": 1}]',
            '[1, {"a": null}]',
            '[1, {"a": {"b": "c"}}]',
            '[1, {"_amp_customer_devicesecret": true}]',
            "[" * 500,
        )
    },
}


def seen(path):
    """What a file is, to be compared."""
    status = path.lstat()
    text = path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size < 1 << 20 else b""
    return status.st_mode, status.st_uid, status.st_size, text


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("what", IN_ITS_PLACE)
def test_what_is_no_store_is_told_and_left_alone(tmp_path, what, which):
    make, words = IN_ITS_PLACE[what]
    if "user" in what and os.geteuid() != 0:
        pytest.skip("only root can give a file to another user")
    keep = []
    store = tmp_path / "kv"
    path = tmp_path / f"kv.{which}"
    # The other file is a good one.
    run("import kv\nkv.set('a', '1')\nkv.set('a', '2')", env={"ALIYUN_IOT_STORE": str(store)})
    path.unlink()
    make(path, keep)
    before = {each.name: seen(each) for each in tmp_path.iterdir()}
    ended = run(script(EVERYTHING), env={"ALIYUN_IOT_STORE": str(store)}, limit=60)
    assert (ended.code, ended.errors) == (0, "")
    assert len(ended.lines) == CALLS and all(line.startswith("OSError ") and words in line for line in ended.lines), ended.lines
    assert {each.name: seen(each) for each in tmp_path.iterdir()} == before
    for each in keep:
        each.close()


def test_the_last_number_that_counts_is_told(tmp_path):
    """It can be read, but nothing comes after it."""
    (tmp_path / "kv.0").write_text(whole('[1073741822, {"a": "1"}]'))
    ended = run(script("import kv\nattempt(kv.get, 'a')\nattempt(kv.set, 'a', 'b')"), env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
    first, second = ended.lines
    assert first == "returned '1'" and second.startswith("OSError 22 ") and "written too often" in second
    assert not (tmp_path / "kv.1").exists()


@pytest.mark.parametrize("size", [100, 300_000])
def test_what_could_not_be_read_back_is_not_written(tmp_path, size):
    body = f"""
    import kv
    kv.set("a", "1")
    attempt(kv.set, "b", "x" * {size})
    print(kv.get("a"))
    """
    ended = run(script(body), env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
    assert ended.lines[-1] == "1"
    assert ended.lines[0].startswith("returned 0" if size == 100 else "OSError 27 "), ended.lines


@pytest.mark.parametrize("kind", ["link", "hard link"])
def test_a_planted_link_does_not_get_the_secret(cloud, device, tmp_path, kind):
    """The link goes; what it leads to stays as it is."""
    theirs = tmp_path / "theirs"
    theirs.write_text("nothing yet")
    for name in ("kv.0", "kv.1"):
        (tmp_path / name).symlink_to(theirs) if kind == "link" else os.link(theirs, tmp_path / name)
    body = script(REGISTER + "print(device.register(info, None))\nimport kv\nprint(kv.set('a', 'b'))\n")
    ended = run(body, cloud, device, env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
    assert ended.lines == ["0", "0"], ended.errors
    assert theirs.read_text() == "nothing yet"
    for name in ("kv.0", "kv.1"):
        status = (tmp_path / name).lstat()
        assert stat.S_ISREG(status.st_mode) and status.st_mode & 0o777 == 0o600 and status.st_nlink == 1


def test_a_planted_lock_is_told(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "kv-lock").symlink_to(elsewhere)
    ended = run(script("import kv\nattempt(kv.set, 'a', 'b')"), env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
    assert ended.lines[0].startswith("OSError 40 ") and "cannot be locked" in ended.lines[0]
    assert not elsewhere.exists() and not (tmp_path / "kv.0").exists()


def test_what_is_written_is_for_its_owner_only(tmp_path):
    env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    run("import kv\nkv.set('a', '1')\nkv.set('a', '2')", env=env)
    for name in ("kv.0", "kv.1"):
        (tmp_path / name).chmod(0o644)
    assert run("import kv, os\nprint(kv.get('a'), kv.set('a', '3'), kv.set('a', '4'))", env=env).lines == ["2 0 0"]
    assert [path.stat().st_mode & 0o777 for path in tmp_path.glob("kv*")] == [0o600] * 3


def test_a_file_that_is_changed_while_a_registration_runs_is_told(cloud, device, tmp_path):
    """The platform's answer comes, but there is no place for it any more: -50, and the secret is not used."""
    path = tmp_path / "kv.0"
    body = script(
        REGISTER
        + """
print("asks")
print(device.register(info, None))
print(device.getDeviceInfo is not None)
"""
    )
    cloud.do("http", mode="trickle")
    with Script(body, cloud, device, env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")}) as running:
        running.wait_line("asks")
        wait_until = time.monotonic() + 30
        while not cloud.seen(kind="registration", device=device["deviceName"]) and time.monotonic() < wait_until:
            time.sleep(0.001)
        path.mkdir()
        assert running.wait() == 0
    cloud.do("http", mode="normal")
    if running.lines[1] == "0":
        pytest.fail("the answer came too soon for this test")
    assert running.lines[1].startswith("error -50 the new secret could not be stored") and running.lines[2] == "-1"


# ---- Where it is, if nobody says


@pytest.mark.parametrize("home", [None, "", "here", ".", "../x"])
def test_a_home_that_is_none_is_told(home):
    env = {"ALIYUN_IOT_STORE": None, "HOME": home}
    ended = run(script(EVERYTHING), env=env)
    assert len(ended.lines) == CALLS and all("OSError 2 there is no place for the store: HOME" in line for line in ended.lines), ended.lines


def test_without_a_place_a_device_with_a_secret_connects(cloud, device):
    ended = run(script("print(online().end())"), cloud, device, env={"ALIYUN_IOT_STORE": None, "HOME": None})
    assert ended.lines == ["0"], ended.errors


def test_a_home_that_is_not_there(tmp_path):
    body = "import kv\nattempt(kv.get, 'a')\nattempt(kv.set, 'a', 'b')\n"
    ended = run(script(body), env={"ALIYUN_IOT_STORE": None, "HOME": str(tmp_path / "gone")})
    assert ended.lines[0] == "returned None" and ended.lines[1].startswith("OSError 2 the store ") and "no such folder" in ended.lines[1]


def test_the_home_is_where_it_is(tmp_path):
    ended = run("import kv\nprint(kv.set('a', 'b'), kv.get('a'))", env={"ALIYUN_IOT_STORE": None, "HOME": str(tmp_path)})
    assert ended.lines == ["0 b"], ended.errors
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".aliyunIoT-lock", ".aliyunIoT.0"]
