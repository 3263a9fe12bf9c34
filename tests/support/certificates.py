"""Chains of trust in which one thing can be wrong, made by openssl; the local cloud has written the simpler ones.

    root, server = chain(tmp_path, usage="clientAuth")
    context.load_cert_chain(server.with_suffix(".pem"), server.with_suffix(".key"))
"""

import shutil
import subprocess

import pytest

# Certificates of the local cloud that prove nothing, and mbedTLS's words for them.
WRONG_ONES = [
    ("other-name", "TLS: The certificate Common Name (CN) does not match with the expected CN"),
    ("expired", "TLS: The certificate validity has expired"),
    ("future", "TLS: The certificate validity starts in the future"),
    ("stranger", "TLS: The certificate is not correctly signed by the trusted CA"),
    ("self-signed", "TLS: The certificate is not correctly signed by the trusted CA"),
]


def chain(folder, intermediate="CA:TRUE", usage="serverAuth"):
    """A root, an intermediate certificate with these basic constraints, and one for localhost with this extended key usage.

    The root's file, and the path without its ending of what a server shows: `.pem`, with the intermediate one, and `.key`.
    """
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    signs = "keyUsage=critical,keyCertSign,digitalSignature"
    root = _make(folder / "root", None, f"basicConstraints=critical,CA:TRUE\n{signs}")
    middle = _make(folder / "middle", root, f"basicConstraints=critical,{intermediate}\n{signs}")
    hosts = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    server = _make(folder / "localhost", middle, f"{hosts}\nkeyUsage=critical,digitalSignature\nextendedKeyUsage={usage}")
    with open(server.with_suffix(".pem"), "a") as shown:
        shown.write(middle.with_suffix(".pem").read_text())
    return root.with_suffix(".pem"), server


def _make(stem, issuer, extensions, key="ec"):
    configuration = stem.with_suffix(".cnf")
    configuration.write_text(f"[req]\ndistinguished_name=name\nx509_extensions=extensions\n[name]\n[extensions]\n{extensions}\n")
    command = ["openssl", "req", "-x509", "-config", configuration, "-subj", f"/CN={stem.name}", "-days", "365", "-nodes"]
    command += ["-newkey", key, *(["-pkeyopt", "ec_paramgen_curve:P-256"] if key == "ec" else [])]
    command += ["-keyout", stem.with_suffix(".key"), "-out", stem.with_suffix(".pem")]
    if issuer:
        command += ["-CA", issuer.with_suffix(".pem"), "-CAkey", issuer.with_suffix(".key")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return stem


def own(folder, name, *, key="rsa:2048", issuer=None):
    """A certificate for a client, signed by `issuer` (a path without its ending) or by itself: the path without its ending of
    `.pem` and `.key`."""
    usage = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth"
    return _make(folder / name, issuer, usage, key)


def authority(folder, name):
    """Somebody who signs certificates: the path without its ending of `.pem` and `.key`."""
    return _make(folder / name, None, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign")
