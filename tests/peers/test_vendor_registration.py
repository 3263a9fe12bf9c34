"""Devices that register over the HTTPS service of the local clouds, by hand: what they get lets them log in."""

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import subprocess
import time
import urllib.parse

import pytest
from cloud import Cloud
from vendor_client import Client


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "tencent,onenet,huawei") as cloud:
        yield cloud


def post(cloud, path, body, headers=None):
    """Status, headers and body of the answer."""
    context = ssl.create_default_context(cafile=cloud.ca_file)
    connection = http.client.HTTPSConnection("localhost", cloud.https_port, context=context, timeout=10)
    connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, response.headers, json.loads(text)


def opened(payload, secret):
    """The JSON in a sealed answer of Tencent's, by OpenSSL's program."""
    key, vector = secret[:16].encode().hex(), b"0".hex() * 16
    command = ["openssl", "enc", "-d", "-aes-128-cbc", "-nopad", "-K", key, "-iv", vector]
    text = subprocess.run(command, input=base64.b64decode(payload), capture_output=True, check=True).stdout
    return json.loads(text.rstrip(b"\0"))


def tencent(cloud, name, method="hmacsha256", host="localhost", now=None, secret=None):
    about = cloud.vendors["tencent"]["registration"]
    hashed = method.removeprefix("hmac")
    body = json.dumps({"ProductId": about["productId"], "DeviceName": name})
    now = str(int(time.time() if now is None else now))
    digest = hashlib.new(hashed, body.encode()).hexdigest()
    text = f"POST\n{host}\n/device/register\n\n{method}\n{now}\n77\n{digest}"
    signature = base64.b64encode(hmac.new((secret or about["productSecret"]).encode(), text.encode(), hashed).digest())
    headers = {"X-TC-Algorithm": method, "X-TC-Timestamp": now, "X-TC-Nonce": "77", "X-TC-Signature": signature.decode()}
    return post(cloud, "/device/register", body, headers)[2]["Response"]


def tencent_old(cloud, name):
    about = cloud.vendors["tencent"]["registration"]
    fields = {"deviceName": name, "nonce": 7, "productId": about["productId"], "timestamp": int(time.time())}
    text = "&".join(f"{key}={value}" for key, value in fields.items())
    digits = hmac.new(about["productSecret"].encode(), text.encode(), "sha1").hexdigest()
    body = json.dumps(fields | {"signature": base64.b64encode(digits.encode()).decode()})
    return post(cloud, "/register/dev", body)[2]


def log_in(cloud, device):
    with Client(cloud, device) as client:
        assert client.code == 0


@pytest.mark.parametrize("method", ["hmacsha256", "hmacsha1"])
@pytest.mark.parametrize("host", ["localhost", "ap-guangzhou.gateway.tencentdevices.com"])
def test_tencent(cloud, method, host):
    about = cloud.vendors["tencent"]["registration"]
    name = f"new-{method}-{host[:3]}"
    given = opened(tencent(cloud, name, method, host)["Payload"], about["productSecret"])
    assert given["encryptionType"] == 2
    log_in(cloud, {"cloud": "tencent", "productId": about["productId"], "deviceName": name, "deviceSecret": given["psk"]})
    # It has been active now.
    assert "active" in tencent(cloud, name, method, host)["Error"]["Message"]
    cloud.do("reset", cloud="tencent", device=name)
    assert opened(tencent(cloud, name, method, host)["Payload"], about["productSecret"]) == given


def test_tencent_the_old_way(cloud):
    about = cloud.vendors["tencent"]["registration"]
    reply = tencent_old(cloud, "old")
    given = opened(reply["payload"], about["productSecret"])
    assert (reply["code"], reply["len"]) == (0, len(json.dumps(given, separators=(",", ":"))))
    log_in(cloud, {"cloud": "tencent", "productId": about["productId"], "deviceName": "old", "deviceSecret": given["psk"]})


def test_tencent_certificate(cloud):
    about = cloud.vendors["tencent"]["registration"]
    device = cloud.new_device(cloud="tencent", certificate=True)
    given = opened(tencent(cloud, device["deviceName"])["Payload"], about["productSecret"])
    assert given == {"encryptionType": 1, "clientCert": device["cert"], "clientKey": device["key"]}


def test_tencent_refusals(cloud):
    assert tencent(cloud, "x", secret="another secret!")["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert "behind" in tencent(cloud, "x", now=time.time() - 3600)["Error"]["Message"]
    cloud.do("clock", cloud="tencent", seconds=-7200)
    try:
        assert "ahead" in tencent(cloud, "x")["Error"]["Message"]
    finally:
        cloud.do("clock", cloud="tencent", seconds=0)
    cloud.do("product", cloud="tencent", unlisted=False)
    try:
        assert "no device" in tencent(cloud, "x")["Error"]["Message"]
    finally:
        cloud.do("product", cloud="tencent", unlisted=True)
    cloud.do("http", mode="status", status=503)
    assert post(cloud, "/device/register", "{}")[0] == 503
    assert post(cloud, "/device/register", "{}")[0] == 200


def test_onenet(cloud):
    about = cloud.vendors["onenet"]["registration"]
    resource = f"userid/{about['userId']}"
    until = int(time.time()) + 600

    def create(name, method="SHA256"):
        text = f"{until}\n{method}\n{resource}\n2022-05-01"
        sign = base64.b64encode(hmac.new(base64.b64decode(about["userKey"]), text.encode(), "sha256").digest()).decode()
        fields = {"version": "2022-05-01", "res": resource, "et": until, "method": method, "sign": sign}
        body = json.dumps({"product_id": about["productId"], "device_name": name})
        return post(cloud, "/device/create", body, {"authorization": urllib.parse.urlencode(fields)})[2]

    secret = create("made")["data"]["sec_key"]
    log_in(cloud, {"cloud": "onenet", "productId": about["productId"], "deviceName": "made", "deviceSecret": secret})
    assert create("made")["code"] != 0
    assert create("made2", "md5")["code"] == 10403


def test_huawei(cloud):
    about = cloud.vendors["huawei"]["registration"]

    def token(password):
        user = {"name": about["iamUser"], "password": password, "domain": {"name": about["iamDomain"]}}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"project": {"name": about["region"]}}}}
        return post(cloud, "/v3/auth/tokens?nocatalog=true", json.dumps(body))

    status, headers, _ = token(about["iamPassword"])
    assert status == 201
    body = json.dumps({"product_id": about["productId"], "node_id": "made"})
    path = f"/v5/iot/{about['projectId']}/devices"
    status, _, reply = post(cloud, path, body, {"X-Auth-Token": headers["X-Subject-Token"]})
    assert (status, reply["device_id"]) == (201, f"{about['productId']}_made")
    device = {"cloud": "huawei", "productId": about["productId"], "deviceName": "made"}
    log_in(cloud, device | {"deviceSecret": reply["auth_info"]["secret"]})
    assert token("wrong")[0] == 401
    assert post(cloud, path, body, {"X-Auth-Token": "wrong"})[0] == 401
    records = cloud.seen(kind="registration", cloud="huawei")
    assert [record["ok"] for record in records] == [True, True, False, False]
