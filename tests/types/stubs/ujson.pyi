"""The name that MicroPython had for `json`, which still works."""

from json import *
