"""The type stubs as a wheel: pip installs it into a new environment, and pyright finds the stubs there and nowhere else."""

import base64
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import venv
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPES = ROOT / "tests" / "types"


@pytest.fixture(scope="module")
def wheel(release):
    [found] = release.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    subprocess.run([*pip, "install", "--quiet", "--no-index", wheel], check=True)
    subprocess.run([*pip, "check"], check=True)
    return python


def pyright(python, folder):
    """The errors that pyright finds in the files of the folder, each with its line."""
    config = {"stubPath": str(TYPES / "stubs"), "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", str(python), "--project", str(folder)]
    env = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600)
    assert ended.returncode in (0, 1), ended.stdout + ended.stderr
    said = json.loads(ended.stdout)
    assert said["summary"]["filesAnalyzed"] > 0
    errors = [each for each in said["generalDiagnostics"] if each["severity"] == "error"]
    return [(each["range"]["start"]["line"] + 1, each["message"]) for each in errors]


def test_examples_are_well_typed_with_it(environment, tmp_path):
    for name in ("connect.py", "post_props.py", "credentials.py"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    (tmp_path / "uses_kv.py").write_text('import kv\n\nkv.set("a", "b")\nfound: str | None = kv.get("a")\n')
    shutil.copy(ROOT / "examples" / "iotcloud" / "settings.py", tmp_path)
    shutil.copy(ROOT / "examples" / "iotcloud" / "aliyun.py", tmp_path)
    assert pyright(environment, tmp_path) == []


def test_what_is_wrong_is_found_with_it(environment, tmp_path):
    file = pathlib.Path(shutil.copy(TYPES / "wrong.py", tmp_path))
    wrong = [number for number, line in enumerate(file.read_text().splitlines(), 1) if line.endswith("# wrong")]
    assert sorted({line for line, _ in pyright(environment, tmp_path)}) == wrong


def test_without_it_the_module_is_not_found(tmp_path):
    venv.create(tmp_path / "empty", with_pip=False)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "script.py").write_text("from aliyunIoT import Device\n")
    [(line, message)] = pyright(tmp_path / "empty" / "bin" / "python", folder)
    assert line == 1 and "aliyunIoT" in message


def test_pip_knows_what_it_is(environment):
    code = (
        "from importlib.metadata import distribution, files\n"
        "about = distribution('aliyunIoT-stubs')\n"
        "print(about.version, about.metadata['License-Expression'], *about.metadata.get_all('License-File'))\n"
        "print(sorted(str(file) for file in files('aliyunIoT-stubs') if file.suffix == '.pyi'))\n"
        "print(about.read_text('licenses/LICENSE').splitlines()[0])\n"
    )
    said = subprocess.run([environment, "-c", code], check=True, capture_output=True, text=True).stdout.splitlines()
    families = []
    for folder in (path.parent for path in (ROOT / "micropython" / "compat").glob("*/package.json")):
        for name, url in json.loads((folder / "package.json").read_text())["urls"]:
            # Of a package without stubs of its own, `__init__` makes the folder one of stubs.
            if (folder / url).with_suffix(".pyi").exists() or name.endswith("/__init__.py"):
                package, *rest = pathlib.PurePath(name).with_suffix(".pyi").parts
                families.append("/".join([package.removesuffix(".pyi") + "-stubs", *(rest or ["__init__.pyi"])]))
    stubs = str(sorted(["aliyunIoT-stubs/__init__.pyi", "kv-stubs/__init__.pyi", *families]))
    assert said == ["0.1.0 MIT LICENSE", stubs, "MIT License"]


def test_the_list_in_the_wheel_is_right(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [record] = [name for name in archive.namelist() if name.endswith(".dist-info/RECORD")]
        rows = [line.rsplit(",", 2) for line in archive.read(record).decode().splitlines()]
        assert {name for name, *_ in rows} == set(archive.namelist())
        for name, digest, size in rows:
            data = archive.read(name)
            expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            assert (digest, size) == (("", "") if name == record else (f"sha256={expected}", str(len(data))))
        assert archive.read("aliyunIoT-stubs/__init__.pyi") == (ROOT / "micropython" / "aliyunIoT.pyi").read_bytes()
