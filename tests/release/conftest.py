"""A release, as `cargo xtask dist` makes it."""

import pathlib
import shutil
import sys
import zipfile

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))

from release import release_folder  # noqa: E402


@pytest.fixture(scope="session")
def release():
    folder = release_folder()
    if not (folder / "SHA256SUMS").exists():
        pytest.skip("there is no release: `cargo xtask test dist` makes one")
    return folder


@pytest.fixture(scope="session")
def sdk(release, tmp_path_factory):
    """Unpacks the archive for a target, and moves its folder; returns where it lies, or None if the release has no such
    target."""
    unpacked = {}

    def unpack(target):
        if target not in unpacked:
            found = list(release.glob(f"aliyun-iot-*-{target}.zip"))
            if not found:
                return None
            before = tmp_path_factory.mktemp("unpacked")
            with zipfile.ZipFile(found[0]) as archive:
                archive.extractall(before)
            [folder] = before.iterdir()
            after = tmp_path_factory.mktemp("moved") / "another place"
            shutil.move(folder, after)
            unpacked[target] = after
        return unpacked[target]

    return unpack
