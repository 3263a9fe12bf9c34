# 联网之后发布 "net_ready"。开发板请在此之前联网，例如 online.wifi("ssid", "password")，再用 online.clock() 校准时间。
# Publish "net_ready" once the network is up. A board brings it up before, for example by online.wifi("ssid", "password"), and
# sets its clock by online.clock().
from credentials import device_name
from luatos import sys

sys.timerStart(sys.publish, 100, "net_ready", device_name)
