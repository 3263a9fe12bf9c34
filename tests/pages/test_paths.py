"""Files, links and commands that the pages name exist."""

import functools
import pathlib
import posixpath
import re
import subprocess

import pytest

from micropython import ROOT

TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
PAGES = [path for path in TRACKED if path.endswith(".md") and path != "CHANGELOG.md" and "/sample/" not in path]
FILES = set(TRACKED)
FOLDERS = {str(parent) for path in TRACKED for parent in pathlib.PurePosixPath(path).parents} - {"."}
NAMES = {path.rsplit("/")[-1] for path in FILES | FOLDERS}

# Files of users, of MicroPython and of Alibaba's Link SDK.
RELEASED = {"CONTENTS.md", "LICENSES.txt", "mip/python/", "mip/luatos/", "mip/quecpython/", "mip/haas/", "sbom/"}  # What `cargo xtask dist` makes.
ELSEWHERE = RELEASED | {"boot.py", "core-isa.h", "mpy_ld.py", "tools/mpy_ld.py", "main.py", "script.py", "kv.py", "credentials.py", "note.txt", "aliyunIoT/__init__.py",
    # Of ESP-IDF and Zephyr, and of their projects.
    "idf.py", "components/",
    # Of the clouds' own SDKs, and of Quectel's.
    "aliIot.py", "aliyunIot.py", "dynreg.c", "tuyalink_core.c"}
OTHER_PROJECTS = ("target/", "lib/", "/", "extmod/", "py/", "shared/runtime/", "core_", "aiot_")
ENDINGS = r"(?:rs|c|h|py|pyi|md|toml|mk|cmake|txt|ld|der|sh|lock)"
IS_FILE = re.compile(rf"[\w./-]*\w\.{ENDINGS}")
IS_FOLDER = re.compile(r"[\w.-]+(?:/[\w.-]+)*/")


def text(page):
    return (ROOT / page).read_text(encoding="utf-8")


def code(page):
    """What stands between backticks, word by word; not in blocks of code."""
    prose = re.sub(r"^```.*?^```$", "", text(page), flags=re.M | re.S)
    return [word.rstrip(",;:") for span in re.findall(r"`([^`\n]+)`", prose) for word in span.split()]


def exists(page, path):
    """Whether the path is one of the repository, or of the page's folder, or the end of one path, as `port.c` is."""
    path = path.rstrip("/")
    here = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    known = FILES | FOLDERS
    return path in known or here in known or any(one.endswith("/" + path) for one in known)


def map_of(page):
    """The paths of the page's map: an indented block that begins with `src/`, a path and words in each line."""
    paths, parents = [], []
    begun = False
    for line in text(page).splitlines():
        found = re.match(r"    ( *)(\S+)", line)
        begun = begun or bool(found and found[2] == "src/")
        if begun and not found:
            break
        # A line that goes on has its words further to the right.
        if not begun or len(found[1]) > 8:
            continue
        depth = len(found[1])
        parents = [(at, parent) for at, parent in parents if at < depth]
        path = (parents[-1][1] if parents else "") + found[2]
        paths.append(path)
        if path.endswith("/"):
            parents.append((depth, path))
    return paths


@functools.cache
def jobs():
    """The options of each job."""
    usages = re.findall(r"\busage\(\s*\"(\w+)\",\s*\"([^\"]*)\"", text("xtask/src/arguments.rs"))
    options = {job: set(re.findall(r"--[a-z-]+", takes)) for job, takes in usages}
    options["cloud"] |= {f"--{name}" for name in re.findall(r"Long\(\"([\w-]+)\"\)", text("tests/cloud/src/launcher/options.rs"))}
    return options


def anchors(page):
    """The anchors of the page's headings, as GitHub makes them."""
    prose = re.sub(r"^```.*?^```$", "", text(page), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", prose, re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_is_something_to_look_at():
    assert len(PAGES) > 20 and {"test", "lib", "bindings"} <= set(jobs())
    assert {"src/device/", "include/", "xtask/"} <= set(map_of("docs/architecture.md"))


@pytest.mark.parametrize("page", PAGES)
def test_files_exist(page):
    named = [word for word in code(page) if IS_FILE.fullmatch(word) or IS_FOLDER.fullmatch(word)]
    lost = [path for path in named if not path.startswith(OTHER_PROJECTS) and path not in ELSEWHERE and not exists(page, path)]
    assert not lost


@functools.cache
def names_of_tests():
    """The names of all test functions, in Python and Rust."""
    sources = [path for path in TRACKED if path.endswith((".py", ".rs")) and path.startswith(("tests/", "src/", "xtask/"))]
    return {name for path in sources for name in re.findall(r"^ *(?:pub )?(?:def|fn) (\w+)", text(path), re.M)}


@pytest.mark.parametrize("page", PAGES)
def test_tests_exist(page):
    """A word with three or more underscores between backticks is the name of a test."""
    named = {word.split("[")[0] for word in code(page) if re.fullmatch(r"test(?:_[a-z0-9]+)+(?:\[.*\])?|[a-z0-9]+(?:_[a-z0-9]+){4,}", word)}
    files = {name.rsplit(".", 1)[0] for name in NAMES}
    assert not named - names_of_tests() - files


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        path, _, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if not link.startswith("http") and not (target in FILES | FOLDERS and (not anchor or anchor in anchors(target))):
            lost.append(link)
    assert not lost


@pytest.mark.parametrize("page", PAGES)
def test_jobs_exist(page):
    """Each `cargo xtask` names a job, and options that the job has."""
    for job, words in re.findall(r"cargo xtask ([a-z]+)([^`\n]*)", text(page)):
        assert job in jobs()
        lost = set(re.findall(r"(?:^| |\[)(--[a-z-]+)", words)) - jobs()[job]
        assert not lost, job


def test_the_map_is_whole():
    """The map of docs/architecture.md names what exists, and every folder and file of the core, or the folder around it."""
    paths = map_of("docs/architecture.md")
    assert not [path for path in paths if not exists("", path)]
    of_the_core = {path for path in FILES | {folder + "/" for folder in FOLDERS} if path.startswith("src/")}
    at_the_top = [path for path in of_the_core if path.count("/") == (2 if path.endswith("/") else 1) and path != "src/lib.rs"]
    assert not [path for path in at_the_top if path not in paths]
