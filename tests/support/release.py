"""Where the release lies that tests look at."""

import os
import pathlib


def release_folder():
    """The folder that DIST names, else the one that `cargo xtask test dist` leaves."""
    return pathlib.Path(os.environ.get("DIST") or pathlib.Path(__file__).resolve().parents[2] / "target" / "dist-tests")
