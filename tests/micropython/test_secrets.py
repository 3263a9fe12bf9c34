"""Does a secret appear in anything that the module says: errors, events, `repr`, exceptions, or the cloud's own log?"""

import hmac

from micropython import run
from scripts import script

BODY = """
def show(name):
    return lambda data: (told.append(name), print(name, data))

def outcome(**more):
    # Connects, to whatever comes of it first.
    told.clear()
    attempt(device.connect, dict(key_info, **more))
    wait(lambda: told)
    said = told[0]
    device.end()
    return said

def attempt(function, *arguments):
    try:
        print("returned", function(*arguments))
    except Exception as error:
        sys.print_exception(error)

key_info.update(HERE)
told = []
device = Device()
for name in ("CONNECT", "DISCONNECT", "CLOSE", "ERROR"):
    device.on(getattr(Device, "ON_" + name), show(name))
secret = key_info["deviceSecret"]
# Every field at fault beside the secret, the secret at fault itself, and the secret in places where it does not belong.
for wrong in (
    {"keepaliveSec": 1}, {"region": "!"}, {"instanceId": "!"}, {"port": 70000}, {"signMethod": "none"}, {"ca": "none"},
    {"deviceSecret": secret + "\\n"}, {"deviceSecret": secret.encode() + b"\\xff"}, {"deviceSecret": [secret]},
    {"productKey": secret}, {"deviceName": secret + "!"}, {"keepaliveSec": secret}, {"tls": secret},
):
    attempt(device.connect, dict(key_info, **wrong))
    device.end()
attempt(device.connect, [secret])
attempt(device.connect, secret)
# A server that refuses the login, and one that has another idea of the secret.
print([outcome(host=host, port=port) for host, port in HOSTS], outcome(deviceSecret="".join(reversed(secret))))
print(outcome())
device.connect(key_info)
print(repr(device), str(device), device, [device], {"device": device})
attempt(device.connect, key_info)
attempt(device.publish, key_info)
attempt(device.postProps, key_info)
attempt(device.subscribe, {"topic": 1, "secret": secret})
device.end()
print("over")
"""


def test_nothing_says_it(cloud, device):
    hosts = [("localhost", 1), ("localhost", cloud.tcp_port), ("no-such-host.invalid", 1883)]
    here = {"host": "localhost", "port": cloud.tls_port}
    ended = run(script(f"HOSTS = {hosts}\nHERE = {here}\n{BODY}"), cloud, device, env={"ALIYUN_IOT_ENDPOINT": None})
    said = "\n".join(ended.lines) + ended.errors
    assert str(len(hosts) * ["ERROR"]) + " ERROR" in ended.lines and "CONNECT" in ended.lines, said
    assert ended.lines[-1] == "over" and said.count("Traceback") + said.count("Error") > 12, said
    product, name, secret = device["productKey"], device["deviceName"], device["deviceSecret"]
    signed = f"clientId{product}.{name}deviceName{name}productKey{product}"
    signature = hmac.new(secret.encode(), signed.encode(), "sha256").hexdigest()
    log = (cloud.dir / "mosquitto.log").read_text()
    for hidden in (secret, secret[:12], secret[::-1], signature, signature.upper(), signature[:16].upper()):
        assert hidden not in said, said
        assert hidden not in log
