"""Modules of LuatOS for MicroPython: from luatos import iotcloud, sys"""
