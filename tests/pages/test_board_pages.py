"""The pages of boards and ports: each says what ran and where, the boards' have one structure, and print what was printed."""

import re

import pytest

from micropython import ROOT

BOARDS = sorted(path.stem for path in (ROOT / "docs" / "boards").glob("*.md") if not path.stem.endswith(".zh"))
RAN = {"": "**What ran, and where:** ", ".zh": "**在哪里运行过：** "}
PARTS = {
    "": ["Install", "Script", "Clock", "First minute", "If memory is short"],
    ".zh": ["安装", "脚本", "时钟", "第一分钟", "内存不足时"],
}
PORTS = sorted(path.relative_to(ROOT) for path in (ROOT / "ports").glob("*/README.md"))


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def parts(page):
    """Each part of a page by its heading."""
    return dict(part.split("\n", 1) for part in page.split("\n## ")[1:])


def ran(page, language=""):
    return [line for line in page.splitlines() if line.startswith(RAN[language])]


def test_there_is_something_to_look_at():
    assert len(BOARDS) >= 7 and len(PORTS) >= 6


@pytest.mark.parametrize("language", ["", ".zh"])
@pytest.mark.parametrize("board", BOARDS)
def test_each_board_has_the_whole_way(board, language):
    page = text(f"docs/boards/{board}{language}.md")
    assert list(parts(page)) == PARTS[language]
    begin = page.split("\n## ")[0]
    assert len(ran(page, language)) == len(ran(begin, language)) == 1, "one line, above the rest"
    assert page.count("\n") < 110, "a tired reader has to get through"


@pytest.mark.parametrize("port", PORTS, ids=str)
def test_each_port_says_what_ran(port):
    assert len(ran(text(port))) == 1, f"a line of {port} has to begin with '{RAN['']}'"


def test_the_index_names_each_board():
    for language in RAN:
        linked = re.findall(rf"\]\(boards/([\w-]+){re.escape(language)}\.md\)", text(f"docs/boards{language}.md"))
        assert sorted(linked) == BOARDS


def test_tests_that_a_line_names_exist():
    """A claim of a run names where: each page names a test, or says that nothing ran."""
    for page in [f"docs/boards/{board}.md" for board in BOARDS]:
        [line] = ran(text(page))
        assert re.search(r"`tests/[\w/.]+`|every check", line), page
        for path in re.findall(r"`(tests/[\w/.]+)`", line):
            assert (ROOT / path).exists(), path


def printed(board, language):
    """The lines of the first minute's block, as a pattern: addresses, times and names are another machine's."""
    block = re.search(r"```text\n(.*?)```", parts(text(f"docs/boards/{board}{language}.md"))[PARTS[language][3]], re.S)[1]
    return [re.sub(r"\d+(?:\.\d+){3}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|(?<=as )lamp", "*", line) for line in block.splitlines()]


@pytest.mark.parametrize("language", ["", ".zh"])
def test_the_first_minute_was_printed(language):
    """The lines are those that tests/examples/test_online.py and test_examples.py compare with what the scripts print."""
    script = text("examples/online.py") + text("examples/on_a_board.py")
    for words in ('"Wi-Fi: connected to", ssid, "as"', '"Ethernet: connected as"', '"clock: %04d-%02d-%02d', '"cloud: connected as"', '"平台设置属性："'):
        assert words in script
    wifi, ethernet = "Wi-Fi: connected to home as *", "Ethernet: connected as *"
    clock, cloud, props = "clock: * UTC", "cloud: connected as *", '平台设置属性： {"LightSwitch":1}'
    first = {board: printed(board, language) for board in BOARDS}
    others = {"computer": [cloud, props], "stm32": [ethernet, cloud], "quecpython": [cloud]}
    assert first == {board: others.get(board, [wifi, clock, cloud, props]) for board in BOARDS}


@pytest.mark.parametrize("language", ["", ".zh"])
def test_the_packages_size_is_about_that_of_the_table(language):
    """docs/natmod.md has it to the kilobyte, and tests/natmod/test_natmod_sizes.py holds that to the files."""
    [size] = re.findall(r"^\| `armv7emsp` \|.*\| (\d+) \|[^|]*\|$", text("docs/natmod.md"), re.M)
    page = text(f"docs/boards/stm32{language}.md")
    [about] = re.findall(r"(\d+) kB", page.split("\n## ")[0])
    assert abs(int(about) - int(size)) <= 5


@pytest.mark.parametrize("language", ["", ".zh"])
def test_messages_are_the_librarys(language):
    """Words that the table of messages quotes are in the sources."""
    table = parts(text(f"docs/boards{language}.md"))[{"": "Messages", ".zh": "提示信息"}[language]]
    quoted = re.findall(r"^\| [^|]*?`([^`]+)`", table, re.M)
    sources = "".join(text(path.relative_to(ROOT)) for path in [ROOT / "examples" / "online.py", *(ROOT / "micropython").glob("**/*.[ch]"), ROOT / "micropython/natmod/package/__init__.py"])
    sources += "validity starts in the future not correctly signed by the trusted CA"  # mbedTLS's, as tests/micropython/test_refusals.py has them
    assert len(quoted) > 10
    for words in quoted:
        for piece in re.split(r"…|\b\d+ s\b|\(status \d+\)|home|-?\b\d+ |\(|\)|`", words):
            piece = piece.strip(" :")
            assert piece in sources or piece in ("MemoryError", "-43 TLS", "aliyunIoT", "ImportError: aliyunIoT"), piece
