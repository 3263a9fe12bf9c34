"""What becomes of a name's addresses that cannot be reached, and of Ctrl-C while the name is looked up?"""

from micropython import run
from scripts import END, PRELUDE

# What the binding takes for the module `socket`: `answer` makes what getaddrinfo says of what it said.
SOCKET = """
import socket as real


class Sockets:
    def __getattr__(self, name):
        return getattr(real, name)

    def getaddrinfo(self, *arguments):
        return answer(real.getaddrinfo(*arguments))


sys.modules["socket"] = Sockets()

"""


def body(text):
    return PRELUDE + SOCKET + text + END


def test_each_address_that_fails_at_once_is_closed(cloud, device):
    result = run(
        body("""
def answer(found):
    # Of a family that no system has.
    return [found[0][:4] + (bytes([99, 0]) + bytes(14),)] * 20 + found

def descriptors():
    return len(os.listdir("/proc/self/fd"))

device = online()
before = descriptors()
device.end()
online(device)
print(descriptors() - before, device.end())
"""),
        cloud,
        device,
    )
    assert result.lines == ["0 0"], result.errors


def test_the_last_failure_is_told_when_no_address_is_left(cloud, device):
    result = run(
        body("""
def answer(found):
    return [found[0][:4] + (bytes([99, 0]) + bytes(14),)] * 20

def descriptors():
    return len(os.listdir("/proc/self/fd"))

errors = []
device = Device()
device.on(Device.ON_ERROR, lambda error: errors.append((error["code"], error["msg"], descriptors())))
device.connect(key_info)
wait(lambda: len(errors) == 2)
device.end()
print(errors[0][:2], errors[1][2] - errors[0][2])
"""),
        cloud,
        device,
    )
    assert result.lines == ["(-42, 'no connection: 97') 0"], result.errors


INTERRUPTED = """
device = Device()
up = []
device.on(Device.ON_CONNECT, up.append)
try:
    device.connect(key_info)
    time.sleep(20)
    print("slept on")
except KeyboardInterrupt:
    print("interrupted")
wait(lambda: up)
print("online", device.end())
"""


def interrupts_the_main_program(cloud, device, resolver):
    result = run(body(resolver + INTERRUPTED), cloud, device)
    assert result.lines == ["interrupted", "online 0"], result.errors


def test_an_interrupt_while_the_name_is_looked_up_reaches_the_main_program(cloud, device):
    resolver = """
interrupts = [1]

def answer(found):
    if interrupts:
        interrupts.pop()
        raise KeyboardInterrupt
    return found
"""
    interrupts_the_main_program(cloud, device, resolver)


def test_an_interrupt_between_two_addresses_reaches_the_main_program(cloud, device):
    resolver = """
class Interrupting(Sockets):
    left = 1

    def socket(self, *arguments):
        if self.left:
            self.left -= 1
            raise KeyboardInterrupt
        return real.socket(*arguments)

sys.modules["socket"] = Interrupting()

def answer(found):
    return found * 2
"""
    interrupts_the_main_program(cloud, device, resolver)
