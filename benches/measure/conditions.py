"""The line of the page that says what was measured on."""

import os
import platform
import re
import subprocess

import calls
import clients


def _version(*words):
    shown = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return re.search(r"\d+\.\d+(\.\d+)?", shown)[0]


def line():
    micropython = _version(os.environ["MICROPYTHON"], "-c", "import sys; print('.'.join(map(str, sys.implementation[1][:3])))")
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors; MicroPython {micropython}; "
        f"mosquitto and libmosquitto {_version('mosquitto', '-h')}, paho {_version(clients.target() / 'paho', '--version')}, coreMQTT {os.environ['COREMQTT_VERSION']}; "
        f"rustc {_version('rustc', '--version')}, gcc {_version('gcc', '--version')}, "
        f"valgrind {_version('valgrind', '--version')}, QEMU {_version(os.environ['QEMU'], '--version')}. "
        f"System calls were counted by {calls.counter()}."
    )
