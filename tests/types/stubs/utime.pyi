"""The name that MicroPython had for `time`, which still works."""

from time import *
