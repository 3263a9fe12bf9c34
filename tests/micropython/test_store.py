"""What is stored is the old or the new, whole, whenever the program is killed and wherever the power goes."""

import concurrent.futures
import hashlib
import json
import random
import shutil
import signal
import subprocess
import time

import pytest

from micropython import environment, program, run

KILLS = 200
SECRET = "_amp_customer_devicesecret"


def is_whole(data):
    return len(data) > 64 and hashlib.sha256(data[64:]).hexdigest().encode() == data[:64]


def stored(folder):
    """What a store holds, read by other means than the binding's: of the whole files the one with the higher sequence."""
    contents = [slot.read_bytes() for slot in folder.glob("kv.[01]")]
    whole = [json.loads(data[64:]) for data in contents if is_whole(data)]
    return max(whole)[1] if whole else {}


REGISTER = """\
import os, sys
from aliyunIoT import Device
device = Device()
print("ready")
sys.stdin.readline()
device.register({
    "productKey": os.getenv("ALIYUN_PRODUCT_KEY"),
    "deviceName": os.getenv("ALIYUN_DEVICE_NAME"),
    "productSecret": os.getenv("ALIYUN_PRODUCT_SECRET"),
}, None)
print("done")
sys.stdin.readline()
"""


class Round:
    """A script that is killed so many seconds after it was told to go on."""

    def __init__(self, folder, script, env):
        self.folder = folder
        env = {**env, "ALIYUN_IOT_STORE": str(folder / "kv")}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([program(), str(script)], env=env, stdin=pipe, stdout=pipe)
        assert self.process.stdout.readline() == b"ready\n"
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        self.start = time.monotonic()

    def done(self):
        """How long it takes if nobody kills it."""
        assert self.process.stdout.readline() == b"done\n"
        return time.monotonic() - self.start

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.mark.slow
def test_killed_during_a_registration(cloud, tmp_path, figure):
    script = tmp_path / "register.py"
    script.write_text(REGISTER)
    device, before = cloud.new_device(), cloud.new_device()
    template = tmp_path / "template"
    template.mkdir()
    # What is there already: two devices, so that both files are.
    env = {**environment(cloud, before), "ALIYUN_IOT_STORE": str(template / "kv")}
    for _ in range(2):
        subprocess.run([program(), str(script)], env=env, input=b"\n\n", check=True, stdout=subprocess.DEVNULL)
        env.update(environment(cloud, cloud.new_device()))
    old = stored(template)
    assert len(old) == 7
    mark = f"{device['productKey']}/{device['deviceName']}"

    def one(number, after=None):
        folder = tmp_path / str(number)
        shutil.copytree(template, folder)
        round = Round(folder, script, environment(cloud, device))
        took = round.done() if after is None else time.sleep(after)
        round.kill()
        found = stored(folder)
        shutil.rmtree(folder)
        if found != old:
            assert found == {**old, **found} | {mark: found[SECRET]}, found
            assert len(found) == 8 and len(found[SECRET]) == 32
        return found != old, took

    generator = random.Random(1)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        usual = sorted(took for _, took in pool.map(one, [f"unharmed {number}" for number in range(9)]))[4]
        # All of it, and once more the end, where it writes.
        delays = [generator.uniform(0, 1.5 * usual) for _ in range(KILLS // 2)]
        delays += [generator.uniform(0.6 * usual, 1.1 * usual) for _ in range(KILLS - KILLS // 2)]
        new = [is_new for is_new, _ in pool.map(one, range(KILLS), delays)]
    figure(f"killed {KILLS} registrations of {usual * 1000:.0f} ms: {KILLS - sum(new)} left the old store, {sum(new)} the new one")
    assert 0 < sum(new) < KILLS


WRITE = """\
import kv, sys
number = int(kv.get("number") or 0)
print("ready")
sys.stdin.readline()
while True:
    number += 1
    kv.set("number", str(number))
    print(number)
"""


def test_killed_while_it_writes(tmp_path, figure):
    script = tmp_path / "write.py"
    script.write_text(WRITE)
    generator = random.Random(2)
    torn = found = 0
    for _ in range(50):
        round = Round(tmp_path, script, environment())
        time.sleep(generator.uniform(0, 0.02))
        round.process.send_signal(signal.SIGKILL)
        said = round.process.stdout.read().split()
        round.kill()
        last = int(said[-1]) if said else found
        found = int(stored(tmp_path).get("number", 0))
        assert found in (last, last + 1)
        torn += sum(not is_whole(slot.read_bytes()) for slot in tmp_path.glob("kv.*"))
    figure(f"killed 50 times while writing: {torn} files were torn, and none was missed")


POWER = """\
import gc, kv, vfs

BLOCK = 512


class NoPower(Exception):
    pass


class Disk:
    '''Blocks in RAM. After so many more bytes are written the power goes, in the middle of a block if need be.'''

    def __init__(self, data):
        self.data = bytearray(data)
        self.left = None
        self.gone = False

    def readblocks(self, block, buf, offset=0):
        if self.gone:
            return
        if self.left == 0:
            raise NoPower
        start = block * BLOCK + offset
        buf[:] = memoryview(self.data)[start : start + len(buf)]

    def writeblocks(self, block, buf, offset=0):
        # The collector closes what was open when the power went.
        if self.gone:
            return
        count = len(buf)
        if self.left is not None:
            count = min(count, self.left)
            self.left -= count
        start = block * BLOCK + offset
        self.data[start : start + count] = memoryview(buf)[:count]
        self.written += count
        if self.left == 0:
            raise NoPower

    def ioctl(self, request, argument):
        if request == 4:
            return len(self.data) // BLOCK
        if request == 5:
            return BLOCK
        return 0


def mount(disk):
    disk.written = 0
    vfs.mount(KIND(disk), "/ram")


def change(value):
    try:
        kv.set("value", value)
    except (NoPower, OSError):
        return False
    return True


OLD, NEW, LATER = "old" * 150, "new" * 160, "later" * 100
KIND = vfs.%s
disk = Disk(bytes(128 * BLOCK))
disk.written = 0
KIND.mkfs(disk)
mount(disk)
for value in ("first", OLD):
    kv.set("value", value)
vfs.umount("/ram")
before = bytes(disk.data)
mount(disk)
kv.set("value", NEW)
total = disk.written
vfs.umount("/ram")

old = new = 0
for left in range(1, total + 1):
    disk = Disk(before)
    mount(disk)
    disk.left = left
    whole = change(NEW)
    disk.gone = True
    vfs.umount("/ram")
    again = Disk(disk.data)
    mount(again)
    found = kv.get("value")
    if found not in (OLD, NEW) or whole and found != NEW:
        raise Exception("after %%d bytes: %%s" %% (left, found))
    old += found == OLD
    new += found == NEW
    # And it can go on from there.
    if not change(LATER) or kv.get("value") != LATER:
        raise Exception("after %%d bytes: no going on" %% left)
    vfs.umount("/ram")
    gc.collect()
print(total, old, new)
"""


@pytest.mark.parametrize("kind", ["VfsLfs2", "VfsFat"])
def test_the_power_goes_at_any_byte(kind, figure):
    script = run(POWER % kind, env={"ALIYUN_IOT_STORE": "/ram/kv"}, limit=120)
    assert (script.code, script.errors) == (0, "")
    total, old, new = map(int, script.lines[-1].split())
    figure(f"{kind}: the power went after each of {total} bytes: {old} times the old value was left, {new} times the new one")
    assert old + new == total and old > 0 and new > 0
