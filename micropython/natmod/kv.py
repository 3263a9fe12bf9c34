"""The module `kv` of HaaS firmware, for firmware that has none: texts by name, kept where `Device.register()` keeps its own."""

from aliyunIoT import _native

get = _native.kv_get
set = _native.kv_set
remove = _native.kv_remove
