"""The split native module for x64 on MicroPython's unix port: it works as the whole one does, also when a script empties
`sys.modules`, and under a collector that runs again and again."""

import hashlib
import shlex
import shutil

import pytest

from micropython import ROOT, run
from scripts import script
from test_examples import example  # noqa: F401  (a fixture)
from test_examples import test_answers, test_post_props, test_register, test_upload_file  # noqa: F401
from test_natmod_modules import FILL, SCRIPTS, USE, check

RUNS_ON = ("x64-split", "unix")

# The library is a module of its own, that a script can reach as well.
OF_THE_LIBRARY = {
    "cleared": SCRIPTS["cleared"],
    "its package emptied": SCRIPTS["its package emptied"],
    "its table emptied": """
library = sys.modules["aliyunIoT.core_x64"]
calls = library.calls
calls[:] = bytes(len(calls))
library.__dict__.clear()
for name in [name for name in sys.modules if "aliyun" in name]:
    del sys.modules[name]
library = None
""",
    "it deleted": "del sys.modules['aliyunIoT.core_x64']",
    "something else in its place": "sys.modules['aliyunIoT.core_x64'] = 5",
}


@pytest.mark.parametrize("what", OF_THE_LIBRARY)
def test_before_a_device_connects(cloud, device, what):
    body = f"{FILL}{USE}\n{OF_THE_LIBRARY[what]}\nfill()\ndevice = online()\nfill()\nuse(device)\ndevice.end()\n"
    check(run(script(body), cloud, device))


def test_collections_all_the_time(cloud, device):
    """A collection at each allocation, from before the import on, with freed memory used again."""
    body = f"{FILL}{USE}\nfill()\ndevice = online()\nfill()\nuse(device)\ndevice.end()\n"
    check(run("import gc\ngc.threshold(64)\n" + script(body), cloud, device))

TLS = """
import hashlib

trusted = []

class SSLContext:
    def __init__(self, protocol):
        pass

    def load_verify_locations(self, der):
        trusted.append(hashlib.sha256(der).digest().hex())

    def wrap_socket(self, *arguments, **more):
        raise OSError(5)

class tls:
    PROTOCOL_TLS_CLIENT, CERT_REQUIRED = 0, 2

tls.SSLContext = SSLContext
sys.modules["tls"] = tls
os.chdir("/")
errors = []
device = Device()
device.on(Device.ON_ERROR, errors.append)
device.connect(key_info)
wait(lambda: errors)
device.end()
print(*trusted)
"""


def test_the_trust_roots_are_those_of_their_file(cloud, device, natmod, tmp_path, monkeypatch):
    """All of them, found by a relative path, too: the script changes its folder after the import."""
    shutil.copytree(natmod / RUNS_ON[0] / "aliyunIoT", tmp_path / "here" / "aliyunIoT")
    unix = natmod / "stock" / "unix" / "build" / "micropython"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\ncd {shlex.quote(str(tmp_path))} && MICROPYPATH=here exec {shlex.quote(str(unix))} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("MICROPYTHON", str(program))
    ended = run(script(TLS), cloud, device)
    assert (ended.code, ended.errors) == (0, "")
    # Those of Alibaba's cloud: a connection trusts no others.
    names = ("aliyun_iot", "globalsign_r1", "globalsign_r6", "globalsign_r46", "globalsign_e46")
    files = [ROOT / "micropython" / "roots" / f"{name}.der" for name in names]
    roots = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    [trusted] = ended.lines
    # Those of the local cloud follow.
    assert sorted(trusted.split()[: len(roots)]) == sorted(roots)
