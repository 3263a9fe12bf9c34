"""A board that a computer pretends to be, for scripts that use `machine`: micropython/compat/haas/computer."""

import json

from micropython import Script, family_path

PATH = {"MICROPYPATH": family_path("haas", "haas/computer")}


def play(folder, nodes, text, cloud=None):
    """Runs a script beside a board.json with these nodes to its end: the script, which has `code`."""
    return play_beside(folder, json.dumps({"io": nodes}), text, cloud)


def play_beside(folder, board, text, cloud=None):
    """As play, with the text of a board.json; `None` for none."""
    if board is not None:
        (folder / "board.json").write_text(board, encoding="utf-8")
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    with Script(path, cloud, env=PATH) as script:
        script.code = script.wait()
    return script
