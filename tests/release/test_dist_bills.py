"""The bills of materials: what `cargo tree` says of the same build, nothing more and nothing less, in a form that CycloneDX's
own schema accepts, and with a licence text for each part."""

import json
import os
import pathlib
import shutil
import subprocess
import zipfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = pathlib.Path(os.environ.get("NODE_PATH") or ROOT / "target" / "npm" / "node_modules")


@pytest.fixture(scope="module")
def bills(release):
    """All bills by their names."""
    found = {path.name: json.loads(path.read_text()) for path in (release / "sbom").glob("*.cdx.json")}
    for path in release.glob("aliyun-iot-*.zip"):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".cdx.json")]
            found.update({name: json.loads(archive.read(name)) for name in names})
    assert len(found) > 6
    return found


def properties(bill):
    return {each["name"]: each["value"] for each in bill["metadata"]["component"]["properties"]}


def test_each_bill_is_what_cargo_tree_says(bills):
    asked = {}
    for name, bill in bills.items():
        about = properties(bill)
        build = (about["rust:target"], about["rust:features"])
        if build not in asked:
            target, more, env = build[0], [], None
            described = ROOT / "xtask" / "src" / "targets" / f"{target}.json"
            if described.exists():
                target, more, env = described, ["-Zjson-target-spec"], {**os.environ, "RUSTC_BOOTSTRAP": "1"}
            command = ["cargo", "tree", "--locked", "--package", "aliyun-iot", "--target", target, *more, "--no-default-features"]
            command += ["--features", build[1], "--edges", "normal", "--prefix", "none", "--no-dedupe", "--format", "{p}|{l}"]
            said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
            asked[build] = {
                (*line.split("|")[0].split()[:2], line.split("|")[1].replace("/", " OR "))
                for line in said.splitlines() if not line.startswith("aliyun-iot ")
            }
        rust = [each for each in bill["components"] if each["purl"].startswith("pkg:cargo/")]
        listed = {(each["name"], "v" + each["version"], each["licenses"][0]["expression"]) for each in rust}
        assert listed == asked[build] and len(listed) == len(rust) > 10, name
        others = {each["name"] for each in bill["components"]} - {each["name"] for each in rust}
        native = name.startswith("native_")
        assert others == {"core", "compiler_builtins", *(["micropython"] if native else [])}, name
    assert len(asked) > 5


def test_each_package_has_the_checksum_of_cargo_lock(bills):
    lock = (ROOT / "Cargo.lock").read_text()
    for bill in bills.values():
        for each in bill["components"]:
            if each["purl"].startswith("pkg:cargo/"):
                [digest] = each["hashes"]
                entry = f'name = "{each["name"]}"\nversion = "{each["version"]}"\n'
                [block] = [block for block in lock.split("[[package]]\n") if block.startswith(entry)]
                assert f'checksum = "{digest["content"]}"' in block and digest["alg"] == "SHA-256"


def test_each_part_has_a_licence_text(bills, release):
    text = (release / "LICENSES.txt").read_text()
    for bill in bills.values():
        for each in bill["components"]:
            if each["purl"].startswith("pkg:cargo/"):
                assert f"    {each['name']} {each['version']}: {each['licenses'][0]['expression']} (texts " in text


def validate(*files):
    if not (shutil.which("node") and (MODULES / "ajv").is_dir()):
        pytest.skip("Node.js or its packages are not installed: cargo xtask setup")
    env = {**os.environ, "NODE_PATH": str(MODULES)}
    return subprocess.run(["node", HERE / "validate.js", *files], env=env, capture_output=True, text=True)


def test_cyclonedx_accepts_them(bills, tmp_path):
    files = []
    for number, bill in enumerate(bills.values()):
        files.append(tmp_path / f"{number}.cdx.json")
        files[-1].write_text(json.dumps(bill))
    validated = validate(*files)
    assert (validated.returncode, validated.stdout, validated.stderr) == (0, "", "")


@pytest.mark.parametrize("field, value", [("specVersion", 16), ("components", [{"type": "nothing", "name": "x"}])])
def test_what_is_no_bill_is_refused(bills, tmp_path, field, value):
    file = tmp_path / "wrong.cdx.json"
    file.write_text(json.dumps({**next(iter(bills.values())), field: value}))
    validated = validate(file)
    assert validated.returncode == 1 and f"/{field}" in validated.stdout
