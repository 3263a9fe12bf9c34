"""`log`: which lines it writes, and where."""

from micropython import family_path, run

BEGIN = "import io, log\n"


def play(text):
    script = run(BEGIN + text, env={"MICROPYPATH": family_path("quecpython")})
    assert script.code == 0, script.errors
    return script


def test_lines_have_level_and_name():
    text = """
log.basicConfig(level=log.INFO)
one = log.getLogger("ALiYun")
one.debug("not shown")
one.info("Topic={},Msg={}".format("t", "m"))
one.warning("%d of %s", 1, "two")
one.error({"a": 1})
one.critical("100%")
log.getLogger().info("no name")
one.log(25, "between")
"""
    script = play(text)
    assert script.lines == []
    assert script.errors.splitlines() == [
        "INFO:ALiYun:Topic=t,Msg=m",
        "WARN:ALiYun:1 of two",
        "ERROR:ALiYun:{'a': 1}",
        "CRIT:ALiYun:100%",
        "INFO:root:no name",
        "LVL25:ALiYun:between",
    ]


def test_arguments_without_a_place_are_shown_behind_the_text():
    assert play('log.getLogger("s").info("send", 12)').errors == "INFO:s:send 12"


def test_levels_of_all_and_of_one():
    text = """
quiet, own = log.getLogger("quiet"), log.getLogger("own")
own.setLevel(log.DEBUG)
log.basicConfig(level=log.ERROR)
for one in (quiet, own):
    one.debug("debug")
    one.error("error")
print(quiet.isEnabledFor(log.INFO), own.isEnabledFor(log.INFO), log.getLogger("own") is own)
print(log.CRITICAL, log.ERROR, log.WARNING, log.INFO, log.DEBUG, log.NOTSET)
"""
    script = play(text)
    assert script.lines == ["False True True", "50 40 30 20 10 0"]
    assert script.errors.splitlines() == ["ERROR:quiet:error", "DEBUG:own:debug", "ERROR:own:error"]


def test_another_stream():
    text = """
stream = io.StringIO()
log.basicConfig(stream=stream)
log.getLogger("a").info("here")
print(repr(stream.getvalue()))
"""
    script = play(text)
    assert (script.lines, script.errors) == ([r"'INFO:a:here\n'"], "")


def test_a_wrong_level_is_named():
    text = """
for method in (log.basicConfig, log.getLogger("a").setLevel):
    try:
        method("INFO")
    except TypeError as error:
        print(error)
"""
    assert play(text).lines == [
        "basicConfig(): level must be int, not str; give log.INFO or another level",
        "setLevel(): level must be int, not str; give log.INFO or another level",
    ]
