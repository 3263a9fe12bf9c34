"""Pages that stand in two languages say the same: sections, tables, code, commands and links."""

import re

import pytest

from micropython import ROOT

BOARDS = sorted(f"docs/boards/{path.stem}" for path in (ROOT / "docs" / "boards").glob("*.md") if not path.stem.endswith(".zh"))
# The pages of an API family, and those for people who come from its firmware.
FAMILIES = sorted(
    f"docs/{path.stem}"
    for pattern in ("quecpython-*.md", "luatos-*.md", "haas-*.md", "from-*.md")
    for path in (ROOT / "docs").glob(pattern)
    if not path.stem.endswith(".zh")
)
PAGES = ["README", "docs/api", "docs/clouds", "docs/kv", "docs/iotcloud", "docs/day", "docs/boards", *FAMILIES, *BOARDS]


def text(page, language=""):
    return (ROOT / f"{page}{language}.md").read_text(encoding="utf-8")


def headings(page):
    return re.findall(r"^(#+) ", re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S), flags=re.M)


def tables(page):
    """Rows and columns of each table."""
    found = re.findall(r"(?:^\|.*\|$\n?)+", page, flags=re.M)
    return [[len(re.findall(r"(?<!\\)\|", row)) - 1 for row in table.splitlines()] for table in found]


def code(page):
    """Code blocks without the words of comments and drawings."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, flags=re.M | re.S)
    return [(language, [line.split("#")[0].rstrip() for line in block.splitlines()]) for language, block in blocks]


def links(page):
    """Where links lead, without the heading; to a page that stands in both languages, whichever it is."""
    found = re.findall(r"\]\(([^)]+)\)", page)
    return sorted(re.sub(r"\.zh\.md\b", ".md", re.sub(r"#.*", "#", link)) for link in found)


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_say_the_same(page):
    english, chinese = text(page), text(page, ".zh")
    for look in (headings, tables, links):
        assert look(english) == look(chinese), look.__name__
    strings = re.compile(r"\"[^\"]*\"|'[^']*'|…")
    same = [[(language, [strings.sub("", line) for line in block]) for language, block in code(one)] for one in (english, chinese)]
    assert same[0] == same[1]


@pytest.mark.parametrize("page", PAGES)
def test_each_leads_to_the_other_and_on_in_its_own_language(page):
    name = page.rsplit("/")[-1]
    assert f"]({name}.zh.md)" in text(page) and f"]({name}.md)" in text(page, ".zh")
    for language, foreign in (("", ".zh"), (".zh", "")):
        led_to = {str((ROOT / page).parent.joinpath(link).resolve()) for link in re.findall(r"\]\(([^)#]+)", text(page, language))}
        others = {str(ROOT / f"{other}{foreign}.md") for other in PAGES if other != page}
        assert not led_to & others, "an English page leads to English ones, a Chinese page to Chinese ones"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for language in ("", ".zh"):
        for link in re.findall(r"\]\(([^)#]+)", text(page, language)):
            if not link.startswith("http"):
                assert (ROOT / page).parent.joinpath(link).exists(), link


@pytest.mark.parametrize("page", PAGES)
def test_chinese_is_typeset_as_chinese(page):
    """Full-width punctuation after a Chinese character, and a space between it and letters or digits."""
    prose = re.sub(r"^```.*?^```$", "", text(page, ".zh"), flags=re.M | re.S)
    prose = re.sub(r"\]\([^)]*\)", "]", prose)
    assert not re.findall(r".?[\u4e00-\u9fff][,;:!?.()].?", prose)
    assert not re.findall(r".?[\u4e00-\u9fff][A-Za-z0-9`].?|.?[A-Za-z0-9`][\u4e00-\u9fff].?", prose)
