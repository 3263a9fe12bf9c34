"""Logins with a certificate of the device's own, to a server that asks for one: which forms are read, and what is an error.

The server is OpenSSL's, by Python's `ssl`. It answers each login with a CONNACK.
"""

import ssl
import subprocess
import textwrap

import pytest

from certificates import authority, own
from micropython import run
from scripts import script
from test_refusals import Server

LOGIN = """
login = {"cloud": "plain", "clientId": "a", "host": "localhost", "ca": CA}


def read(name):
    with open(FOLDER + "/" + name, "rb") as file:
        return file.read()


def connect(**more):
    heard = []
    device = Device()
    device.on(Device.ON_ERROR, lambda error: heard.append("%s %s" % (error["code"], error["msg"])))
    device.on(Device.ON_CONNECT, lambda data: heard.append("connected"))
    try:
        device.connect(dict(login, **more))
    except Exception as error:
        print(type(error).__name__, error)
        return
    wait(lambda: heard)
    print(heard[0])
    device.end()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with an authority, a client's certificates in all forms, and some that are wrong."""
    folder = tmp_path_factory.mktemp("certificates")
    issuer = authority(folder, "authority")
    for name, key in (("rsa", "rsa:2048"), ("ec", "ec")):
        own(folder, name, key=key, issuer=issuer)
        openssl(folder, "x509", "-in", f"{name}.pem", "-outform", "der", "-out", f"{name}.cer")
        openssl(folder, "pkey", "-in", f"{name}.key", "-outform", "der", "-out", f"{name}.pkcs8")
    openssl(folder, "rsa", "-in", "rsa.key", "-traditional", "-out", "rsa.pkcs1.pem")
    openssl(folder, "ec", "-in", "ec.key", "-out", "ec.sec1.pem")
    parameters = openssl(folder, "ecparam", "-name", "prime256v1")
    (folder / "ec.with-parameters.pem").write_bytes(parameters + (folder / "ec.sec1.pem").read_bytes())
    openssl(folder, "rsa", "-in", "rsa.key", "-aes128", "-passout", "pass:a", "-out", "encrypted.pem")
    openssl(folder, "rsa", "-in", "rsa.key", "-aes128", "-passout", "pass:a", "-traditional", "-out", "encrypted.pkcs1.pem")
    own(folder, "stranger")
    (folder / "two.pem").write_bytes((folder / "rsa.pem").read_bytes() + (folder / "authority.pem").read_bytes())
    (folder / "cut.cer").write_bytes((folder / "rsa.cer").read_bytes()[:-1])
    (folder / "cut.pkcs8").write_bytes((folder / "rsa.pkcs8").read_bytes()[:-1])
    (folder / "words").write_text("neither of the two")
    return folder


def openssl(folder, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True).stdout


def asks(cloud, made, names):
    """A server that lets in who shows a certificate of the authority, and writes down whose it was."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cloud.dir / "server-rsa.pem", cloud.dir / "server-rsa.key")
    context.load_verify_locations(made / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    def behave(connection, over):
        with context.wrap_socket(connection, server_side=True) as inside:
            names.extend(dict(part[0] for part in inside.getpeercert()["subject"]).values())
            assert inside.recv(1000)[0] == 0x10
            inside.sendall(bytes([0x20, 2, 0, 0]))
            over.wait(100)

    return behave


def lines(cloud, made, body):
    """What a script prints that has `connect` and `read`, and whose certificates the server saw."""
    names = []
    with Server(asks(cloud, made, names)) as server:
        settings = f"FOLDER, CA = {str(made)!r}, {open(cloud.ca_file).read()!r}"
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{server.port}", "SSL_CERT_FILE": None}
        result = run(script(f"{settings}\n{LOGIN}\n{body}"), cloud, env=env)
    assert result.code == 0, result.errors
    return result.lines, names


PAIRS = [
    ("rsa.pem", "rsa.key", "rsa"),
    ("rsa.pem", "rsa.pkcs1.pem", "rsa"),
    ("rsa.cer", "rsa.pkcs8", "rsa"),
    ("rsa.pem", "rsa.pkcs8", "rsa"),
    ("ec.pem", "ec.key", "ec"),
    ("ec.cer", "ec.pkcs8", "ec"),
    ("ec.pem", "ec.sec1.pem", "ec"),
    ("ec.pem", "ec.with-parameters.pem", "ec"),
]


def test_each_form_is_read(cloud, made):
    """RSA and elliptic curves, PEM and DER, PKCS #8, PKCS #1 and SEC 1; as bytes, and as text."""
    body = "\n".join(f"connect(cert=read({pair[0]!r}), key=read({pair[1]!r}))" for pair in PAIRS)
    body += "\nconnect(cert=read('rsa.pem').decode(), key=read('rsa.key').decode())"
    said, names = lines(cloud, made, body)
    assert said == ["connected"] * 9
    assert names == [name for _, _, name in PAIRS] + ["rsa"]


WRONG = [
    ("cert=read('rsa.pem')", "'cert' is given without 'key'"),
    ("key=read('rsa.key')", "'key' is given without 'cert'"),
    ("cert=read('words'), key=read('rsa.key')", "'cert' is no certificate, neither PEM nor DER"),
    ("cert=b'', key=read('rsa.key')", "'cert' is no certificate, neither PEM nor DER"),
    ("cert=read('rsa.key'), key=read('rsa.pem')", "'cert' is no certificate, neither PEM nor DER"),
    ("cert=read('two.pem'), key=read('rsa.key')", "'cert' holds several certificates; give the device's own alone"),
    ("cert=read('rsa.pem'), key=read('words')", "'key' is no private key, neither PEM nor DER"),
    ("cert=read('rsa.pem'), key=read('rsa.pem')", "'key' is no private key, neither PEM nor DER"),
    ("cert=read('rsa.pem'), key=read('encrypted.pem')", "'key' is encrypted; give it without a pass phrase"),
    ("cert=read('rsa.pem'), key=read('encrypted.pkcs1.pem')", "'key' is encrypted; give it without a pass phrase"),
    ("cert=read('rsa.pem'), key=read('stranger.key')", "'key' is not the key of 'cert'"),
    ("cert=read('rsa.pem'), key=read('ec.key')", "'key' is not the key of 'cert'"),
    ("cert=read('ec.pem'), key=read('rsa.pkcs1.pem')", "'key' is not the key of 'cert'"),
    ("cert=read('cut.cer'), key=read('rsa.key')", "the firmware cannot read 'cert'"),
    ("cert=read('rsa.pem'), key=read('cut.pkcs8')", "the firmware cannot read 'key'"),
]


def test_what_is_wrong_is_an_error_of_connect(cloud, made):
    said, names = lines(cloud, made, "\n".join(f"connect({arguments})" for arguments, _ in WRONG))
    assert said == [f"ValueError connect(): {words}" for _, words in WRONG]
    assert names == []


def test_a_certificate_that_the_server_refuses(cloud, made):
    """By the words of ON_ERROR, with a certificate and without one."""
    body = "connect(cert=read('stranger.pem'), key=read('stranger.key'))\nconnect()\n"
    (refused, none), names = lines(cloud, made, body)
    assert refused.startswith("-43 TLS: ") and refused.endswith("(does the server accept the device's certificate?)"), refused
    assert none.startswith("-43 TLS: ") and none.endswith(("asks for a certificate)", "(does this port speak TLS?)")), none
    assert names == []


def test_the_next_login_shows_none(cloud, made):
    """A device that has ended forgets the certificate."""
    body = """
    device, heard = Device(), []
    device.on(Device.ON_ERROR, lambda error: heard.append(str(error["code"])))
    device.on(Device.ON_CONNECT, lambda data: heard.append("connected"))
    for more in (dict(cert=read("rsa.pem"), key=read("rsa.key")), {}):
        heard.clear()
        device.connect(dict(login, **more))
        wait(lambda: heard)
        print(heard[0])
        device.end()
    """
    said, names = lines(cloud, made, textwrap.dedent(body))
    assert said == ["connected", "-43"] and names == ["rsa"]
