"""All files of a release: their checksums, the list of them, their licences, and nothing of the machine that made them."""

import hashlib
import os
import pathlib
import re
import subprocess
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(release):
    return {path.relative_to(release).as_posix(): path for path in release.rglob("*") if path.is_file()}


def contents(release):
    """The bytes of each file, and of each file in an archive."""
    for name, path in files(release).items():
        yield name, path.read_bytes()
        if path.suffix in (".zip", ".whl"):
            with zipfile.ZipFile(path) as archive:
                for inner in archive.namelist():
                    yield f"{name}: {inner}", archive.read(inner)


def test_checksums(release):
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=release, check=True)
    lines = (release / "SHA256SUMS").read_text().splitlines()
    assert {line.split("  ", 1)[1] for line in lines} == set(files(release)) - {"SHA256SUMS"}


def test_the_page_lists_every_file(release):
    page = (release / "CONTENTS.md").read_text()
    listed = dict(re.findall(r"^\| `([^`]+)` \| (\d+) \|$", page.split("\n## All files\n")[1], flags=re.M))
    sizes = {name: str(path.stat().st_size) for name, path in files(release).items()}
    assert listed == {name: size for name, size in sizes.items() if name not in ("CONTENTS.md", "SHA256SUMS")}
    packages = {path.parent.name for path in release.glob("mip/*/package.json")}
    assert set(re.findall(r"^\| `mip/([^/]+)/package.json` \|", page, flags=re.M)) == packages
    assert "No file was run on real hardware" in page and re.search(r"Made with .*rustc 1\.\d+.*MicroPython 1\.", page)


def test_no_file_names_a_folder_of_this_machine(release):
    folders = {ROOT, ROOT.parent, pathlib.Path.home(), pathlib.Path(os.environ.get("CARGO_HOME", "/.cargo")), "/registry/src"}
    folders = [f"{folder}/".encode() for folder in folders]
    seen = 0
    for name, data in contents(release):
        seen += 1
        assert not [folder for folder in folders if folder in data], name
    assert seen > 50


def test_every_licence_has_its_text(release):
    text = (release / "LICENSES.txt").read_text()
    names = re.findall(r"^    (\S.*?): (.+) \(texts ([\d, ]+)\)$", text, flags=re.M)
    numbers = {number for *_, some in names for number in some.split(", ")}
    headings = dict(re.findall(r"^Text (\d+), of (.+)$", text, flags=re.M))
    assert numbers == set(headings) and len(names) > 20
    for name, licence, some in names:
        assert all(name in headings[number].split(", ") or "," in name for number in some.split(", ")), name
        assert licence
    for words in ("The Rust Project Developers", "LLVM Exceptions", "Unicode, Inc.", "Damien P. George", "GlobalSign nv-sa"):
        assert words in text
    for archive in release.glob("aliyun-iot-*.zip"):
        with zipfile.ZipFile(archive) as opened:
            assert opened.read(f"{archive.stem}/LICENSES.txt").decode() == text


def test_it_says_what_it_was_made_with(release):
    [pinned] = re.findall(r'^channel = "([\d.]+)"$', (ROOT / "rust-toolchain.toml").read_text(), flags=re.M)
    page = (release / "CONTENTS.md").read_text()
    assert (f"rustc {pinned} " in page) != (f"Rust {pinned}, which rust-toolchain.toml names, would have made other bytes." in page)
    digest = hashlib.sha256((ROOT / "Cargo.lock").read_bytes()).hexdigest()
    assert f"the packages of Cargo.lock (SHA-256 {digest})" in page
