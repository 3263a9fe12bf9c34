"""What a folder's cloud keeps from one start to the next, what a person can set, and two clouds that want the same folder."""

import hashlib
import hmac
import json
import pathlib
import re
import ssl
import subprocess

import paho.mqtt.client as mqtt
import pytest

from cloud import Cloud, CloudError, launcher
from paho_client import Client, first
from ports import free_port
from test_tls_clients import register


def test_yesterdays_credentials_and_root_work_today(tmp_path):
    with Cloud(folder=tmp_path) as cloud:
        first = cloud.devices
        made = cloud.new_device(device="lamp")
        elsewhere = cloud.new_device(productKey="another", device="lamp")
        root = pathlib.Path(cloud.ca_file).read_text()
        with Client(cloud, made):
            pass
    assert not (tmp_path / "cloud.json").exists()
    for _ in range(2):
        with Cloud(folder=tmp_path) as cloud:
            assert cloud.devices[: len(first)] == first
            assert made in cloud.devices and elsewhere in cloud.devices
            assert pathlib.Path(cloud.ca_file).read_text() == root
            for device in (*first, made, elsewhere):
                with Client(cloud, device):
                    pass
            # Commands that name no product mean the first one still.
            assert cloud.new_device()["productKey"] == first[0]["productKey"]


def test_what_a_device_registered_yesterday_works_today(tmp_path):
    with Cloud(folder=tmp_path) as cloud:
        device = cloud.device
        context = ssl.create_default_context(cafile=cloud.ca_file)
        secret = register(cloud, device, context)["deviceSecret"]
        unlisted = cloud.do("product", productKey="unlisted", unlisted=True)["product"]
        token = register_unlisted(cloud, unlisted, "found")
    with Cloud(folder=tmp_path) as cloud:
        assert cloud.device == {**device, "deviceSecret": secret}
        with Client(cloud, {**device, "deviceSecret": secret}):
            pass
        assert with_token(cloud, token) == 0
        # It takes unlisted devices still.
        register_unlisted(cloud, unlisted, "another")
    with Cloud(folder=tmp_path) as cloud:
        # It has connected, so it keeps its secret, as on the platform, until it is reset.
        assert register(cloud, device, context_of(cloud), whole=True)["code"] == 6288
        cloud.do("reset", device=device["deviceName"])
        assert register(cloud, device, context_of(cloud), whole=True)["code"] == 200


def context_of(cloud):
    return ssl.create_default_context(cafile=cloud.ca_file)


def register_unlisted(cloud, product, name):
    content = f"deviceName{name}productKey{product['productKey']}random1"
    password = hmac.new(product["productSecret"].encode(), content.encode(), hashlib.sha256).hexdigest()
    client = mqtt.Client("me|authType=regnwl,random=1,securemode=-2,signmethod=hmacsha256|")
    client.username_pw_set(f"{name}&{product['productKey']}", password)
    _, _, message = first(cloud, client, "on_message")
    return json.loads(message.payload)


def with_token(cloud, told):
    client = mqtt.Client(f"{told['clientId']}|authType=connwl,securemode=-2,_ss=1|")
    client.username_pw_set(f"{told['deviceName']}&{told['productKey']}", told["deviceToken"])
    return first(cloud, client, "on_connect")[3]


GIVEN = {"productKey": "a1FromAScript", "productSecret": "ps0", "deviceName": "lamp.1", "deviceSecret": "hush0"}
OPTIONS = ["--product-key", "a1FromAScript", "--device-name", "lamp.1", "--device-secret", "hush0", "--product-secret", "ps0"]


@pytest.mark.parametrize("kept", [False, True], ids=["new", "used"])
def test_a_person_sets_the_credentials(tmp_path, kept):
    before = []
    if kept:
        with Cloud(folder=tmp_path) as cloud:
            before = cloud.devices
    with Cloud(*OPTIONS, folder=tmp_path) as cloud:
        assert cloud.device == GIVEN
        with Client(cloud, GIVEN):
            pass
        assert register(cloud, GIVEN, context_of(cloud), whole=True)["code"] == 6288
        for device in before:
            with Client(cloud, device):
                pass
    # They are kept, and one of them can be changed alone.
    with Cloud(folder=tmp_path) as cloud:
        assert cloud.device == GIVEN
    with Cloud("--device-secret", "hush1", folder=tmp_path) as cloud:
        assert cloud.device == {**GIVEN, "deviceSecret": "hush1"}
        assert Client(cloud, GIVEN).code == 4
        with Client(cloud, cloud.device):
            pass


def run(folder, *options, timeout=60):
    ports = [word for use in ("tls", "tcp", "https", "control") for word in (f"--{use}-port", str(free_port()))]
    command = [launcher(), "--quiet", "--for", "1", "--dir", str(folder), *ports, *options]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--product-key", "a/b"], "--product-key"),
        (["--device-name", "#"], "--device-name"),
        (["--device-secret", ""], "--device-secret"),
    ],
)
def test_credentials_that_cannot_be_are_refused(tmp_path, options, word):
    done = run(tmp_path, *options)
    assert done.returncode == 1 and word in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "cloud.json").exists()


@pytest.mark.parametrize("text", ["", "{", "{}", '[{"productKey":"p","deviceName":"d","deviceSecret":"hush"}]'])
def test_a_spoilt_register_is_told_and_left(tmp_path, text):
    (tmp_path / "devices.json").write_text(text)
    done = run(tmp_path)
    assert done.returncode == 1 and "devices.json" in done.stderr and "hush" not in done.stderr
    assert (tmp_path / "devices.json").read_text() == text


def everything(folder):
    files = {file: (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes()) for file in folder.rglob("*")}
    return {file.name: about for file, about in files.items() if file.name != "mosquitto.log"}


@pytest.mark.parametrize("options", [[], OPTIONS, ["--tls-port", "0", "--control-port", "0"]], ids=["same", "given", "ports"])
def test_a_second_cloud_fails_before_it_changes_a_file_of_the_first(tmp_path, options):
    with Cloud(folder=tmp_path) as cloud:
        before = everything(tmp_path)
        done = run(tmp_path, *options)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith("local-cloud: another local cloud") and done.stderr.count("\n") == 1
        pid = json.loads((tmp_path / "cloud.json").read_text())["pid"]
        assert str(pid) in done.stderr and str(tmp_path) in done.stderr and "--dir" in done.stderr
        assert everything(tmp_path) == before
        with Client(cloud, cloud.device):
            pass
    # The end of the first frees the folder.
    assert run(tmp_path).returncode == 0


def test_a_killed_cloud_leaves_its_folder_to_the_next(tmp_path):
    with Cloud(folder=tmp_path) as cloud:
        device = cloud.device
        cloud._process.kill()
        cloud._process.wait()
    with Cloud(folder=tmp_path) as cloud:
        assert cloud.device == device


def test_a_taken_port_is_told_with_a_remedy(cloud, tmp_path):
    for use in ("tls", "tcp", "https", "control"):
        done = run(tmp_path / use, f"--{use}-port", str(getattr(cloud, f"{use}_port")))
        assert done.returncode == 1
        assert re.search(rf"port {getattr(cloud, f'{use}_port')}: .*--{use}-port", done.stderr), done.stderr
        assert not (tmp_path / use / "cloud.json").exists()


def test_commands_still_fail_for_what_is_not_kept(tmp_path):
    with Cloud(folder=tmp_path) as cloud:
        cloud.new_device(device="lamp")
        with pytest.raises(CloudError, match="exists already"):
            cloud.new_device(device="lamp")
    with Cloud(folder=tmp_path) as cloud, pytest.raises(CloudError, match="exists already"):
        cloud.new_device(device="lamp")
