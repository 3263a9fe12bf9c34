"""The server that LuatOS's `aliyun` connects to, and what hundreds of connections leave behind."""

import pytest

from generations import ALL, result

each = pytest.mark.parametrize("generation", ALL)


@each
@pytest.mark.parametrize(("isssl", "came"), [("own", True), (False, True), (True, False), (None, False)])
def test_the_server_is_verified_unless_the_script_says_otherwise(cloud, device, generation, isssl, came):
    """With its root, without TLS, and with the built-in roots, by which this server is a stranger; the port as number or text."""
    port = cloud.tcp_port if isssl is False else cloud.tls_port
    body = f"""
isssl = {{"server_cert": open("{cloud.ca_file}").read()}} if {isssl!r} == "own" else {isssl!r}
device = Its.make()
device.on("connect", note("connect"))
device.on("error", lambda code, message: print("error", code))
Its.start(device, host="localhost", port={port if generation == "2024" else str(port)!r}, isssl=isssl)
until("connect")
device.close()
"""
    lines = result(cloud, device, generation, body, connected=False, env={"ALIYUN_IOT_ENDPOINT": None, "SSL_CERT_FILE": None})
    assert lines == (["connect True"] if came else ["error -43", "connect False"])
    logins = [record["tls"] for record in cloud.seen(kind="login", device=device["deviceName"])]
    assert logins == [isssl == "own"] * came


@each
def test_two_hundred_set_ups_leave_nothing_behind(cloud, device, generation, figure):
    """No descriptor and no memory, whether they connect or are replaced before they do."""
    body = f"""
def rounds(count):
    for number in range(count):
        Its.start(device, host="localhost", port={cloud.tcp_port}, isssl=False)
        device.subscribe(USER + "get")
        if number % 4:
            while not device._up:
                time.sleep_ms(1)
            Its.send(device, USER + "update", "x", number % 2)
        else:
            Its.send(device, USER + "update", "x", 0)
    gc.collect()
    return gc.mem_alloc(), len(os.listdir("/proc/self/fd"))

device = Its.make()
for event in ("auth", "connect", "reconnect", "error"):
    device.on(event, lambda *arguments: None)
first = rounds(40)
last = rounds(200)
print(last[0] - first[0], last[1] - first[1])
device.close()
"""
    [line] = result(cloud, device, generation, body, connected=False, env={"ALIYUN_IOT_ENDPOINT": None})
    memory, descriptors = (int(word) for word in line.split())
    figure(f"aliyun, {generation}: 200 set-ups leave {memory} bytes and {descriptors} descriptors")
    # A collection finds some objects late: it scans the stack, too. A leak of one object each time would be 200 times 32.
    assert memory < 4000 and descriptors <= 0
