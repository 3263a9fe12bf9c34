"""The type stubs: pyright takes every example, and finds what is wrong."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from micropython import ROOT

HERE = pathlib.Path(__file__).resolve().parent

# The folders that the modules are in, and what is connected to a board that a computer pretends to be.
FOLDERS = ("", "compat", "compat/quecpython", "compat/haas", "compat/haas/computer")

# What the examples of the API page stand after.
PAGE_BEGIN = """
import json, kv, micropython, time
from aliyunIoT import Device

device = Device()
key = name = secret = product_secret = ""
"""

LUATOS_BEGIN = """
from luatos import aliyun, iotcloud, log, sys

key = name = secret = product_secret = ""
made = iotcloud.new(iotcloud.ALIYUN, {'product_id': key})
assert made
cloud = made
"""

HAAS_BEGIN = """
import haas_network, modem, netmgr, sntp

client = haas_network.NetWorkClient()
"""
DRIVER_BEGIN = """
from driver import ADC, GPIO, I2C, PWM, RTC, SPI, TIMER, UART, WDT
"""
HAAS_PAGES = ["haas-netmgr.md", "haas-network.md", "haas-sntp.md", "haas-modem.md"]

QUECPYTHON_BEGIN = """
import checkNet, log, sys_bus
from aLiYun import aLiYun

key = name = secret = pub_topic = sub_topic = ""
device = aLiYun(key, None, name, secret)
"""
TENCENT_BEGIN = """
from TenCentYun import TXyun

pub_topic = sub_topic = ""
device = TXyun("", "", "")
"""
# What the examples for QuecPython import that only its modules have.
OF_A_MODULE = r"^(?:import|from) (?:machine|misc|sms|fota|app_fota|osTimer|cellLocator)\b"


def pyright(folder, count):
    """What pyright says of the files in the folder: (file name, line, message) of each error."""
    config = {
        "extraPaths": [str(ROOT / "micropython" / path) for path in FOLDERS],
        "stubPath": str(HERE / "stubs"),
        "typeCheckingMode": "standard",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(folder)]
    # It would ask the package index for a newer version of itself.
    env = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600)
    assert ended.returncode in (0, 1), ended.stdout + ended.stderr
    said = json.loads(ended.stdout)
    assert said["summary"]["filesAnalyzed"] == count
    return [
        (pathlib.Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["message"])
        for each in said["generalDiagnostics"]
        if each["severity"] == "error"
    ]


def examples_of(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text.split("\n### ", 1)[1], flags=re.M | re.S)


def test_every_example_is_well_typed(tmp_path):
    files = [shutil.copy(file, tmp_path) for file in (ROOT / "examples").glob("*.py")]
    files += [shutil.copy(file, tmp_path) for file in (ROOT / "examples" / "iotcloud").glob("*.py")]
    files += [shutil.copy(file, tmp_path) for file in (ROOT / "examples" / "luatos-aliyun").glob("*.py")]
    files += [shutil.copy(file, tmp_path) for file in (ROOT / "examples" / "haas").glob("*.py")]
    for file in (ROOT / "examples" / "quecpython").glob("*.py"):
        if not re.search(OF_A_MODULE, file.read_text(encoding="utf-8"), flags=re.M):
            files.append(shutil.copy(file, tmp_path))
    examples = [PAGE_BEGIN + example for page in ("api.md", "kv.md") for example in examples_of(page)]
    examples += [LUATOS_BEGIN + example for page in ("iotcloud.md", "luatos-aliyun.md", "luatos-log.md", "luatos-sys.md") for example in examples_of(page)]
    pages = [path.name for path in (ROOT / "docs").glob("quecpython-*.md") if not path.stem.endswith(".zh")]
    for page in pages:
        begin = TENCENT_BEGIN if page == "quecpython-tencent.md" else QUECPYTHON_BEGIN
        examples += [begin + example for example in examples_of(page)]
    examples += [HAAS_BEGIN + example for page in HAAS_PAGES for example in examples_of(page)]
    examples += [DRIVER_BEGIN + example for example in examples_of("haas-driver.md")]
    assert len(files) > 10 and len(examples) > 30
    for number, example in enumerate(examples):
        (tmp_path / f"page_{number}.py").write_text(example)
    assert pyright(tmp_path, len(files) + len(examples)) == []


def test_what_is_wrong_is_found(tmp_path):
    file = pathlib.Path(shutil.copy(HERE / "wrong.py", tmp_path))
    wrong = [number for number, line in enumerate(file.read_text().splitlines(), 1) if line.endswith("# wrong")]
    assert sorted({line for _, line, _ in pyright(tmp_path, 1)}) == wrong


USES_SHELVES = """
import shelves

shelf = shelves.Shelf(80)
with shelf as same:
    same.put({"name": "cup", "label": b"red"})
    same.put({"name": "cup", "label": 1.5})  # wrong
    same.put({"name": "cup", "data": b"red"}, 5)  # wrong
shelves.Shelf()  # wrong
shelf.swap("a", "b")  # wrong
found = shelves.find({"name": "cup"})
found.swap("a", "b", "c")  # wrong
shelves.count() + shelves.Shelf.ON_FULL
shelves.put({})  # wrong
"""


def test_the_stub_of_a_module_with_a_class_and_functions_is_well_typed(tmp_path):
    """The module is the generator's own sample: its unit tests say that this is what the generator makes."""
    shutil.copy(ROOT / "micropython" / "bindings" / "src" / "emit" / "sample" / "shelves.pyi", tmp_path)
    (tmp_path / "uses.py").write_text(USES_SHELVES)
    wrong = [number for number, line in enumerate(USES_SHELVES.splitlines(), 1) if line.endswith("# wrong")]
    found = pyright(tmp_path, 2)
    assert sorted({line for _, line, _ in found}) == wrong
    assert {name for name, _, _ in found} == {"uses.py"}
