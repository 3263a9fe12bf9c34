"""What is left of a secret in the memory of a process: all that is writable is searched, freed or not."""

import base64
import hmac
import pathlib
import re
import subprocess
import sys

import pytest

from cloud import Cloud

LIBRARIES = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
# So many bytes of a secret in a row are found; fewer are found by chance, or are of no use to anyone.
PIECE = 12
BLOCK = 64


@pytest.fixture(scope="session")
def forget(compile_c):
    sources = ["tests/c/forget.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    # Bound at the start: bound at its first call, a function has the dynamic linker write all registers to the stack.
    return compile_c(sources, "forget", "-Wl,-z,now", libraries=LIBRARIES)


def forms(secret):
    """What gives a secret away: itself, HMAC's two keys that are made of it (RFC 2104, section 2), and all three as the words
    that the hash function reads, which a small machine has the other way round."""

    def words(text):
        padded = text.ljust(BLOCK, b"\0")
        return b"".join(padded[at : at + 4][::-1] for at in range(0, BLOCK, 4))[: len(text)]

    bare = {"plain": secret, "inner": bytes(byte ^ 0x36 for byte in secret), "outer": bytes(byte ^ 0x5C for byte in secret)}
    return bare | {f"{name} as words": words(text) for name, text in bare.items()}


def writable(pid):
    """All memory that a process can write to, region by region."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end, flags = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if flags.startswith("rw"):
                memory.seek(int(start, 16))
                yield memory.read(int(end, 16) - int(start, 16))


def copies(pid, wanted):
    """How often some bytes stand in a process's writable memory."""
    return sum(region.count(wanted) for region in writable(pid))


def pieces(pid, secret):
    """Of which forms of a secret there is any piece in a process's writable memory."""
    regions = list(writable(pid))
    return {
        name
        for name, text in forms(secret).items()
        if any(text[at : at + PIECE] in region for at in range(len(text) - PIECE + 1) for region in regions)
    }


def signature(device):
    """The password that this device's login carries, as help.aliyun.com 73742 has it: it is as good as the secret there."""
    product, name = device["productKey"], device["deviceName"]
    signed = f"clientId{product}.{name}deviceName{name}productKey{product}"
    return hmac.new(device["deviceSecret"].encode(), signed.encode(), "sha256").hexdigest().upper().encode()


class Stepping:
    """A program that says a line before each step, and goes on when it is told to."""

    def __init__(self, command, given, env=None):
        self._process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self._process.pid
        self._next = given

    def step(self):
        self._process.stdin.write(self._next)
        self._process.stdin.flush()
        self._next = b"x"
        return self._process.stdout.readline().strip()

    def end(self):
        self.step()
        assert self._process.wait(60) == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


SECRET = b"0123456789abcdefGHIJKLMNOPQRSTUV"
KEEPS = "import os\nkept = os.read(0, 100)\nos.write(1, b'kept\\n')\nos.read(0, 1)"


@pytest.mark.parametrize("form", forms(SECRET))
def test_the_search_finds_a_piece_of_each_form(form):
    with Stepping([sys.executable, "-c", KEEPS], forms(SECRET)[form][8 : 8 + PIECE]) as program:
        assert program.step() == b"kept"
        assert pieces(program.pid, SECRET) == {form}
        program.end()


def test_what_is_left_of_a_connection(forget, cloud, device):
    secret, password = device["deviceSecret"].encode(), signature(device)
    given = b"%s %s %s" % (device["productKey"].encode(), device["deviceName"].encode(), secret)
    command = [forget, cloud.host, str(cloud.tls_port)]
    seen = {}
    with Stepping(command, given, {"SSL_CERT_FILE": str(cloud.ca_file)}) as program:
        for step in ("given", "asking", "online", "closed", "dropped"):
            assert program.step() == step.encode()
            seen[step] = copies(program.pid, secret), pieces(program.pid, secret), copies(program.pid, password)
        program.end()
    assert seen["given"] == (1, {"plain"}, 0), "the search finds the program's own copy, which it overwrites after connect"
    assert seen["asking"] == seen["online"] == (0, set(), 1), "the signature is kept for each link"
    assert seen["closed"] == (0, set(), 0)
    assert seen["dropped"] == (0, set(), 0)


@pytest.mark.parametrize("way", ["https", "register"])
def test_what_is_left_of_a_registration(forget, cloud, device, way):
    """Of the product's secret once the request is written, and of the device's once it is told."""
    product = device["productSecret"].encode()
    given = b"%s %s %s" % (device["productKey"].encode(), device["deviceName"].encode(), product)
    command = [forget, cloud.host, str(cloud.https_port if way == "https" else cloud.tls_port), way]
    with Stepping(command, given, {"SSL_CERT_FILE": str(cloud.ca_file)}) as program:
        assert program.step() == b"given"
        assert (copies(program.pid, product), pieces(program.pid, product)) == (1, {"plain"})
        assert program.step() == b"asking"
        assert pieces(program.pid, product) == set()
        secret = program.step()
        assert len(secret) == 32 and secret not in (product, device["deviceSecret"].encode())
        assert (copies(program.pid, secret), pieces(program.pid, secret)) == (1, {"plain"}), "the program's own copy"
        assert pieces(program.pid, product) == set()
        for step in ("forgotten", "dropped"):
            assert program.step() == step.encode()
            assert pieces(program.pid, secret) == pieces(program.pid, product) == set(), step
        program.end()


@pytest.fixture(scope="module")
def vendors():
    with Cloud("--cloud", "tencent,onenet,huawei") as running:
        yield running


# The secret that a registration needs, and whether it is kept until the answer has come: what decrypts that of Tencent, and the
# request of Huawei, which may have to be sent again.
VENDORS = {
    "tencent": ("productSecret", True, []),
    "onenet": ("userKey", False, ["userId"]),
    "huawei": ("iamPassword", True, ["projectId", "iamUser", "iamDomain"]),
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_left_of_a_registration_at_a_vendors_cloud(forget, vendors, vendor):
    about = vendors.vendors[vendor]["registration"]
    key, is_kept, others = VENDORS[vendor]
    secret = about[key].encode()
    decoded = [base64.b64decode(secret)] if vendor == "onenet" else []
    given = b"%s %s %s" % (about["productId"].encode(), b"forgotten", secret)
    command = [forget, "localhost", str(vendors.https_port), vendor, *[about[other] for other in others]]

    def left(pid, *secrets):
        return set().union(*[pieces(pid, secret) for secret in secrets])

    with Stepping(command, given, {"SSL_CERT_FILE": str(vendors.ca_file)}) as program:
        assert program.step() == b"given"
        assert left(program.pid, secret) == {"plain"}
        assert program.step() == b"asking"
        assert left(program.pid, secret, *decoded) == ({"plain"} if is_kept else set())
        got = program.step()
        assert len(got) >= 16 and got != secret
        assert left(program.pid, got) == {"plain"}, "the program's own copy"
        for step in ("forgotten", "dropped"):
            assert program.step() == step.encode()
            assert left(program.pid, secret, got, *decoded) == set(), step
        program.end()


# The vendor clouds in the C ABI.
NUMBERS = {"tencent": 1, "onenet": 2, "huawei": 3}


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_left_of_a_login_that_is_signed_for_each_link(forget, vendors, name):
    """The login is kept as it was given, and nothing that is made of its secret, until the device closes."""
    vendor, device = vendors.vendors[name], vendors.new_device(cloud=name)
    secret = device["deviceSecret"].encode()
    key = secret if name == "huawei" else base64.b64decode(secret)
    given = b"%s %s %s" % (device["productId"].encode(), device["deviceName"].encode(), secret)
    command = [forget, vendor["host"], str(vendor["tls_port"]), str(NUMBERS[name])]
    seen = {}
    with Stepping(command, given, {"SSL_CERT_FILE": str(vendors.ca_file)}) as program:
        for step in ("given", "asking", "online", "closed", "dropped"):
            assert program.step() == step.encode()
            seen[step] = copies(program.pid, secret), pieces(program.pid, secret) | pieces(program.pid, key)
        program.end()
    assert seen["given"] == seen["asking"] == seen["online"] == (1, {"plain"})
    assert seen["closed"] == seen["dropped"] == (0, set())
