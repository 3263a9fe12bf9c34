"""Connect, upload, disconnect, over TLS: no block is lost and no byte out of bounds is touched, also over lost links."""

import hashlib
import subprocess

import pytest

SOURCES = ["tests/c/upload.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
LIBRARIES = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
SIZE = 1_000_003
CONTENT = bytes((i * i >> 7) & 0xFF for i in range(SIZE))


@pytest.mark.parametrize("cuts", [[], [130_000, 500_000]], ids=["whole link", "lost links"])
@pytest.mark.parametrize("checker", ["sanitized", "valgrind"])
def test_upload(request, compile_c, cloud, device, checker, cuts):
    flags = SANITIZE if checker == "sanitized" else []
    program = compile_c(SOURCES, f"upload-{checker}", *flags, libraries=LIBRARIES)
    command = [*(request.getfixturevalue("valgrind") if checker == "valgrind" else []), program]
    if cuts:
        cloud.do("upload", cuts=cuts)
    environment = {
        "SSL_CERT_FILE": str(cloud.ca_file),
        "ALIYUN_PRODUCT_KEY": device["productKey"],
        "ALIYUN_DEVICE_NAME": device["deviceName"],
        "ALIYUN_DEVICE_SECRET": device["deviceSecret"],
    }
    done = subprocess.run(
        [*command, cloud.host, str(cloud.tls_port)], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kept = cloud.do("file", device=device["deviceName"], name="file.bin")
    assert (kept["size"], kept["sha256"]) == (SIZE, hashlib.sha256(CONTENT).hexdigest())
    logins = cloud.seen(kind="login", device=device["deviceName"])
    assert len(logins) == 1 + len(cuts)
