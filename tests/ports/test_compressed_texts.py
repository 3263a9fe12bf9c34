"""Is the binding kept from having the longest formatted text of firmware that compresses its texts?

MicroPython expands a text that it fills in into a buffer of as many bytes as its longest text has letters, and writes a NUL
behind it: the longest text of all would be written past the buffer.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = re.compile(r"MP_ERROR_TEXT\(\s*(.*?)\s*\)\s*[,;)]", re.S)
LETTERS_MAX = 60


def texts():
    for file in sorted((ROOT / "micropython").rglob("*.[ch]")):
        for text in TEXT.findall(re.sub(r"^\s*//.*$", "", file.read_text(encoding="utf-8"), flags=re.M)):
            yield file.name, text


def is_one_literal(text):
    return re.fullmatch(r'"[^"\\]*"', text) is not None


def test_every_text_is_one_literal():
    """What is put together of several, or by a macro, MicroPython's build does not see."""
    found = list(texts())
    calls = sum(file.read_text(encoding="utf-8").count("MP_ERROR_TEXT(") for file in (ROOT / "micropython").rglob("*.c"))
    assert len(found) >= calls > 20
    assert [text for text in found if not is_one_literal(text[1])] == []


def test_no_formatted_text_is_the_longest():
    plain = [text.strip('"') for _, text in texts() if "%" not in text]
    formatted = [text.strip('"') for _, text in texts() if "%" in text]
    assert len(formatted) > 10
    assert [text for text in formatted if len(text) > LETTERS_MAX] == []
    assert max(map(len, plain)) > LETTERS_MAX
