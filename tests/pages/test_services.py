"""A service has one file in each layer, with one name: what docs/architecture.md says of how one is added."""

import re

from micropython import ROOT


def files(folder, ending, *others):
    names = {path.stem for path in (ROOT / folder).glob(f"*{ending}")}
    assert names, f"{folder} has no files"
    return names - set(others)


# The list of each layer, the trait, the table of routes and what stands for services that are left out lie beside the services;
# `upload_source` is a part of `upload`.
LAYERS = {
    "src/services": files("src/services", ".rs", "mod", "routes", "service"),
    "src/ffi/services": files("src/ffi/services", ".rs", "mod"),
    "micropython/bindings/src/table/services": files("micropython/bindings/src/table/services", ".rs", "mod"),
    "micropython/services": files("micropython/services", ".c", "left_out", "list", "upload_source"),
}


def test_every_layer_has_the_same_services():
    services = LAYERS["src/services"]
    assert {"model", "call", "raw", "ntp", "upload", "register"} <= services
    assert {layer: names for layer, names in LAYERS.items() if names != services} == {}


def test_the_pages_steps_name_these_folders():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = page[page.index("## How to add a service") :].split("\n## ")[0]
    named = set(re.findall(r"`([\w/]+)/<name>\.\w+`", steps))
    assert set(LAYERS) | {"tests/cloud/src/services", "tests/device"} <= named
