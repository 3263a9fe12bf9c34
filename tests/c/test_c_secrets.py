"""What is left of a secret in the memory of a process: all that is writable is searched, freed or not."""

import hmac
import pathlib
import re
import subprocess

import pytest

LIBRARIES = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]


@pytest.fixture(scope="session")
def forget(compile_c):
    return compile_c(["tests/c/forget.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"], "forget", libraries=LIBRARIES)


def copies(pid, wanted):
    """How often some bytes stand in a process's writable memory."""
    count = 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end, flags = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if flags.startswith("rw"):
                memory.seek(int(start, 16))
                count += memory.read(int(end, 16) - int(start, 16)).count(wanted)
    return count


def signature(device):
    """The password that this device's login carries, as help.aliyun.com 73742 has it: it is as good as the secret there."""
    product, name = device["productKey"], device["deviceName"]
    signed = f"clientId{product}.{name}deviceName{name}productKey{product}"
    return hmac.new(device["deviceSecret"].encode(), signed.encode(), "sha256").hexdigest().upper().encode()


def test_what_is_left_in_memory(forget, cloud, device):
    secret, password = device["deviceSecret"].encode(), signature(device)
    process = subprocess.Popen(
        [forget, cloud.host, str(cloud.tls_port)],
        env={"SSL_CERT_FILE": str(cloud.ca_file)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        process.stdin.write(b"%s %s %s" % (device["productKey"].encode(), device["deviceName"].encode(), secret))
        seen = {}
        for step in ("given", "online", "closed", "dropped"):
            process.stdin.flush()
            assert process.stdout.readline() == step.encode() + b"\n"
            seen[step] = copies(process.pid, secret), copies(process.pid, password)
            process.stdin.write(b"x")
        process.stdin.flush()
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    assert seen["given"] == (1, 0), "the search finds the program's own copy, which it overwrites after connect"
    assert seen["online"] == (0, 1), "the signature is kept for the next link"
    assert seen["closed"] == (0, 0)
    assert seen["dropped"] == (0, 0)
