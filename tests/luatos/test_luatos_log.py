"""`luatos.log`: what stands on the console."""

from micropython import run

LINES = """
from luatos import log

def lines(level):
    log.setLevel(level)
    print(log.getLevel())
    for write in (log.debug, log.info, log.warn, log.error):
        write("tag", level, 1)
"""


def test_lines_of_a_level_and_above():
    script = run(
        LINES
        + """
print(log.getLevel())
log.debug("a tag alone")
for level in ("DEBUG", "INFO", "WARN", 4, "SILENT"):
    lines(level)
"""
    )
    assert (script.code, script.errors) == (0, "")
    assert script.lines == [
        "1",
        "D/user.a tag alone",
        *("1", "D/user.tag DEBUG 1", "I/user.tag DEBUG 1", "W/user.tag DEBUG 1", "E/user.tag DEBUG 1"),
        *("2", "I/user.tag INFO 1", "W/user.tag INFO 1", "E/user.tag INFO 1"),
        *("3", "W/user.tag WARN 1", "E/user.tag WARN 1"),
        *("4", "E/user.tag 4 1"),
        "7",
    ]


def test_a_level_that_does_not_exist():
    script = run(
        """
from luatos import log
for level in ("info", 0, None, []):
    try:
        log.setLevel(level)
    except ValueError as error:
        print(error)
print(log.getLevel())
"""
    )
    levels = "there are DEBUG, INFO, WARN, ERROR, SILENT"
    assert script.lines == [
        f"setLevel(): there is no level {level}; {levels}" for level in ("'info'", "0", "None", "[]")
    ] + ["1"]
