"""What docs/c-abi.md promises: each check in contract/, the numbers and names of the header, the size."""

import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = (ROOT / "include" / "aliyun_iot.h").read_text()
CONTRACT = sorted((ROOT / "tests" / "c" / "contract").glob("*.c"))
CHECKS = [name for source in CONTRACT for name in re.findall(r"^    CHECK\((\w+)\),$", source.read_text(), re.MULTILINE)]

# Programs are compiled against these: a number is never changed nor used again.
NUMBERS = {
    "STATUS": {
        "OK": 0, "NOT_CONNECTED": -1, "FULL": -2, "TOO_LARGE": -3, "ALREADY_CONNECTED": -4, "NO_SERVICE": -5,
        "LEFT_OUT": -6, "GIVEN_UP": -7, "NO_REQUEST": -0x40, "NULL": -8, "JSON": -9, "NESTING": -10, "MEMORY": -11, "HOST": -0x10,
        "CLIENT_ID": -0x12, "KEEPALIVE": -0x13, "LOGIN_TOO_LONG": -0x14, "TOPIC": -0x20,
        "FILTER_TOO_LONG": -0x21, "QOS": -0x22, "PAYLOAD": -0x23, "ALIYUN_PRODUCT_KEY": -0x100,
        "ALIYUN_DEVICE_NAME": -0x101, "ALIYUN_DEVICE_SECRET": -0x102, "ALIYUN_DEVICE_TOKEN": -0x103,
        "ALIYUN_REGION": -0x104, "ALIYUN_INSTANCE_ID": -0x105, "ALIYUN_SIGN_METHOD": -0x106,
        "ALIYUN_PRODUCT_SECRET": -0x107, "ALIYUN_AUTH_TYPE": -0x108, "ALIYUN_TOPIC_LENGTH": -0x109,
        "ALIYUN_TOPIC_LEVELS": -0x10a, "ALIYUN_TOPIC_OWNER": -0x10b, "PLAIN_USER_NAME": -0x110, "EVENT_ID": -0x30,
        "FILE_NAME": -0x70, "FILE_SIZE": -0x71, "BLOCK": -0x72, "SERVICE_ID": -0x31, "VENDOR_PRODUCT_ID": -0x120,
        "VENDOR_DEVICE_NAME": -0x121, "VENDOR_DEVICE_SECRET": -0x122, "VENDOR_PRODUCT_SECRET": -0x123,
        "VENDOR_SIGN_METHOD": -0x124, "VENDOR_REGION": -0x125, "VENDOR_INSTANCE_ID": -0x126, "VENDOR_SERVICE_ID": -0x127,
        "VENDOR_CERTIFICATE": -0x128, "VENDOR_CLOCK": -0x129, "VENDOR_SUBSCRIPTIONS": -0x12a,
        "VENDOR_REGISTRATION": -0x12b, "VENDOR_USER_ID": -0x12c, "VENDOR_USER_KEY": -0x12d, "VENDOR_PROJECT_ID": -0x12e,
        "VENDOR_IAM_USER": -0x12f, "VENDOR_IAM_PASSWORD": -0x130, "VENDOR_IAM_DOMAIN": -0x131,
    },
    "EVENT": {
        "CONNECTION_UP": 0x10, "CONNECTION_LOST": 0x11, "CONNECTION_FAILED": 0x12, "CONNECTION_CLOSED": 0x13,
        "MESSAGES_RECEIVED": 0x20, "MESSAGES_DELIVERED": 0x21, "MESSAGES_SUBSCRIBED": 0x22,
        "MESSAGES_UNSUBSCRIBED": 0x23, "MESSAGES_DROPPED": 0x24, "MESSAGES_GIVEN_UP": 0x25, "CALL_PROPERTIES": 0x40,
        "CALL_SERVICE": 0x41, "CALL_BYTES": 0x42, "MODEL_REPLY": 0x30, "MODEL_NO_REPLY": 0x31, "NTP_TIME": 0x60, "NTP_FAILED": 0x61,
        "RAW_DATA": 0x50, "RAW_REPLY": 0x51, "RAW_NO_REPLY": 0x52, "RAW_REPLY_DROPPED": 0x53, "REGISTRATION_DONE": 0x80, "REGISTRATION_REFUSED": 0x81,
        "DESIRED_REPLY": 0x90, "DESIRED_NO_REPLY": 0x91, "DESIRED_VALUES": 0x92, "DESIRED_FAILED": 0x93,
        "REGISTRATION_FAILED": 0x82, "REGISTRATION_CERTIFIED": 0x83, "UPLOAD_BLOCK": 0x70, "UPLOAD_DONE": 0x71, "UPLOAD_FAILED": 0x72,
    },
    "LOSS": {
        "LINK": 0, "REFUSED": 1, "PEER": 2, "TIMEOUT": 3, "KICKED": 4, "RENEWAL": 5,
    },
    "LINK": {
        "SESSION": 0, "HTTP": 1,
    },
    "LINKS": {
        "LINKS": 2,
    },
    "NO": {
        "REPLY_OVERDUE": 0, "REPLY_LINK_ENDED": 1,
    },
    "UPLOAD": {
        "REFUSED": 0, "SILENT": 1, "GIVEN_UP": 2, "STALLED": 3,
    },
    "PACKET": {
        "PUBLISH": 3, "SUBSCRIBE": 8, "UNSUBSCRIBE": 10,
    },
    "TYPE": {
        "BYTES": 0, "BUFFER": 1, "BUFFERS": 2, "ERROR": 3, "COUNTERS": 4, "SERVER": 5, "OPTIONS": 6, "LINK": 7,
        "LOSS": 8, "EVENT": 9, "ALIYUN_LOGIN": 10, "ALIYUN_REGISTRATION": 11, "PLAIN_LOGIN": 12, "VENDOR_LOGIN": 13, "VENDOR_REGISTRATION": 14,
    },
    "VENDOR": {
        "TENCENT": 1, "ONENET": 2, "HUAWEI": 3, "TUYA": 4, "BAIDU": 5, "TLINK": 6,
    },
    "FEATURE": {
        "SHA1": 0x1, "MD5": 0x2, "PLAIN": 0x4, "NAMES": 0x8, "WORDS": 0x10, "CALL": 0x1000, "RAW": 0x2000, "NTP": 0x100, "REGISTER": 0x400, "UPLOAD": 0x200, "DESIRED": 0x800,
        "TENCENT": 0x10000, "ONENET": 0x20000, "HUAWEI": 0x40000, "TUYA": 0x80000, "BAIDU": 0x100000, "TLINK": 0x200000,
    },
}

# What is known to be wrong in the library. Whoever puts it right takes the line away.
KNOWN = {
}


# Functions that a compiler puts into the caller.
INLINE = {"aliyun_iot_str"}


def listed(checks):
    return [
        pytest.param(name, marks=pytest.mark.xfail(reason=KNOWN[name], raises=AssertionError, strict=True)) if name in KNOWN else name
        for name in checks
    ]


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)


def test_the_list_of_checks_is_the_programs_own(contract):
    assert sorted(run(contract).stdout.split()) == sorted(CHECKS) and set(KNOWN) <= set(CHECKS)
    assert len(set(CHECKS)) == len(CHECKS)


@pytest.mark.parametrize("name", listed(CHECKS))
@pytest.mark.parametrize("kind", ["sanitized", "valgrind"])
def test_contract(kind, name, request):
    if (kind, name) == ("valgrind", "secrets"):
        pytest.skip("it looks at all bytes of a device, also at those between its fields")
    if kind == "sanitized":
        command = [request.getfixturevalue("sanitized_contract")]
    else:
        command = [*request.getfixturevalue("valgrind"), request.getfixturevalue("contract")]
    # What is known to fail leaves its memory behind; elsewhere not a block may be lost.
    done = run(*command, name)
    assert done.returncode == 0, done.stdout


def test_numbers_are_frozen():
    found = re.findall(r"^#define ALIYUN_IOT_([A-Z]+)_(\w+) \(?(-?(?:0x)?[0-9a-f]+)\)?$", HEADER, re.MULTILINE)
    stated = [(group, name, int(number, 0)) for group, name, number in found if group != "VERSION"]
    stated += [("LINKS", "LINKS", int(re.search(r"^#define ALIYUN_IOT_LINKS (\d+)$", HEADER, re.MULTILINE)[1]))]
    assert sorted(stated) == sorted((group, name, number) for group, names in NUMBERS.items() for name, number in names.items())


def test_a_number_of_an_event_or_a_status_lies_in_the_block_of_its_family():
    """Events from 0x10 for each family; a status has the number of its family below 0, that of a cloud is below -0x100."""
    blocks = {}
    for name, kind in NUMBERS["EVENT"].items():
        assert blocks.setdefault(kind >> 4, name.split("_")[0]) == name.split("_")[0]
    assert sorted(blocks) == list(range(1, len(blocks) + 1)) and len(set(blocks.values())) == len(blocks)
    for name, status in NUMBERS["STATUS"].items():
        cloud = name.split("_")[0] in ("ALIYUN", "PLAIN", "VENDOR")
        assert (status <= -0x100) == cloud and (cloud or -status >> 4 in {0, *blocks}), name
    assert len(set(NUMBERS["STATUS"].values())) == len(NUMBERS["STATUS"])
    # Methods of scripts return these.
    assert [NUMBERS["STATUS"][name] for name in ("NOT_CONNECTED", "FULL", "TOO_LARGE", "NO_SERVICE", "GIVEN_UP")] == [-1, -2, -3, -5, -7]


# By value and by status; what the header gives to programs is used, and so is each form of a struct's initialiser.
EVERYWHERE = """
#include "aliyun_iot.h"
static const aliyun_iot_bytes greeting = ALIYUN_IOT_STR("hello");
static aliyun_iot_status last(aliyun_iot_status status) {
    switch (status) {
        case ALIYUN_IOT_STATUS_OK: return ALIYUN_IOT_STATUS_FULL;
        case ALIYUN_IOT_STATUS_FULL: return ALIYUN_IOT_STATUS_OK;
        case ALIYUN_IOT_STATUS_ALIYUN_TOPIC_OWNER: return -ALIYUN_IOT_STATUS_NULL;
        default: return status;
    }
}
int main(void) {
    static uint64_t memory[4096 / sizeof(uint64_t)];
    static uint8_t bytes[3][1024];
    aliyun_iot_buffer place = {(uint8_t *)memory, sizeof memory};
    aliyun_iot_buffers buffers = {{bytes[0], 1024}, {bytes[1], 1024}, {bytes[2], 1024}};
    aliyun_iot_device *device;
    aliyun_iot_event event;
    aliyun_iot_link link;
    aliyun_iot_status status = aliyun_iot_init(place, &buffers, 1, &device);
    if (status != ALIYUN_IOT_STATUS_OK || last(status) != ALIYUN_IOT_STATUS_FULL) return 1;
    if (aliyun_iot_poll(device, &event, 0) && event.kind == ALIYUN_IOT_EVENT_MODEL_REPLY) return event.as.model.reply.code;
    if (aliyun_iot_link_wanted(device, ALIYUN_IOT_LINK_HTTP, &link) || aliyun_iot_version() != ALIYUN_IOT_VERSION) return 2;
    if (aliyun_iot_str("hello").len != greeting.len || aliyun_iot_str(NULL).data || aliyun_iot_str(NULL).len) return 3;
    if (aliyun_iot_publish(device, greeting, greeting, 0, NULL) != ALIYUN_IOT_STATUS_NOT_CONNECTED) return 4;
    if (aliyun_iot_type_size(ALIYUN_IOT_TYPE_EVENT) != sizeof event || last(-0x10b) != 8) return 5;
    aliyun_iot_drop(device);
    return 0;
}
"""
STANDARDS = ["c99", "c11", "c17", "c2x", "c++11", "c++14", "c++17", "c++20"]


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_header_is_clean_in_each_standard(library, tmp_path, standard):
    cxx = standard.startswith("c++")
    compiler = "g++" if cxx else "gcc"
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    source = tmp_path / ("program.cpp" if cxx else "program.c")
    source.write_text(EVERYWHERE.replace("(uint8_t *)memory", "reinterpret_cast<uint8_t *>(memory)") if cxx else EVERYWHERE)
    strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wshadow", "-Wconversion", "-Wundef", "-Wcast-qual"]
    strict += ["-Wold-style-cast", "-Wzero-as-null-pointer-constant"] if cxx else ["-Wstrict-prototypes", "-Wmissing-prototypes"]
    command = [compiler, f"-std={standard}", *strict, f"-I{ROOT / 'include'}", "-o", tmp_path / "program", source, library]
    built = run(*command)
    assert built.returncode == 0, built.stdout
    assert run(tmp_path / "program").returncode == 0


def test_comments_have_names_of_c():
    """None of Rust's, in words or in code; each name of the library that a comment has is in the header."""
    comments = re.findall(r"//(.*)", HEADER)
    named = {name for line in comments for name in re.findall(r"`[^`]*?\b((?:ALIYUN_IOT|aliyun_iot)_\w+)", line)}
    families = {f"ALIYUN_IOT_{name}_" for name in ("STATUS", "EVENT", "LOSS", "PACKET", "FEATURE", "TYPE", "UPLOAD", "VENDOR")}
    code = re.sub(r"//.*", "", HEADER)
    for name in named:
        if name.endswith("_"):
            assert any(name.startswith(family) for family in families), name
        else:
            assert re.search(rf"\b{name}\b", code), name
    for line in comments:
        assert "`Some`" not in line and "::" not in line and "[`" not in line and "# Safety" not in line, line


def test_words_of_the_peers_codes_are_frozen(compile_c, tmp_path):
    source = tmp_path / "words.c"
    source.write_text(
        '#include <stdio.h>\n#include "aliyun_iot.h"\nint main(void) {\n'
        "for (int i = 0; i < 11; i++) puts(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_PEER, i));\nreturn 0;\n}\n"
    )
    words = ["not MQTT", "wrong length", "topic name", "acknowledged", "CONNACK", "out of order", "not answer"]
    words += ["no answer to a registration", "too large", "uses QoS 2", "a message with the packet identifier 0"]
    said = run(compile_c(source, "words")).stdout.splitlines()
    assert len(said) == 11 and all(word in line for word, line in zip(words, said)), said


def test_the_library_has_the_headers_functions_and_no_others(library):
    if not shutil.which("nm"):
        pytest.skip("nm is not installed")
    declared = set(re.findall(r"^[a-z].*?\b(aliyun_iot_\w+)\(", HEADER, re.MULTILINE)) - INLINE
    names = {line.split()[-1] for line in run("nm", "--defined-only", "--extern-only", library).stdout.splitlines() if line.split()[1:2] == ["T"]}
    assert {name for name in names if name.startswith("aliyun_iot_")} == declared


def test_size_of_a_device(contract, capsys):
    """The budget is 2 KiB where a pointer has 32 bits; with 64, pointers and lengths take twice as much."""
    size = int(run(contract, "size").stdout)
    with capsys.disabled():
        print(f" [aliyun_iot_device_size() = {size} bytes] ", end="")
    assert size <= 2048 + 1024
    promised = re.search(r"x86_64 \| ([\d,]+) at most ", (ROOT / "docs" / "c-abi.md").read_text())
    assert promised and size <= int(promised[1].replace(",", "")), "docs/c-abi.md promises less"


@pytest.mark.parametrize("tls", [1, 0])
def test_example_is_short_and_its_makefile_builds_it(library, tmp_path, tls):
    lines = (ROOT / "examples" / "c" / "main.c").read_text().splitlines()
    # A device, and how it registers, asks for the time and uploads.
    assert len(lines) < 300 and max(map(len, lines)) <= 120
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    built = run("make", "-C", ROOT / "examples" / "c", f"TLS={tls}", f"library={library}", f"program={tmp_path / 'device'}",
                "--assume-old=always", f"--old-file={library}")
    assert built.returncode == 0 and (tmp_path / "device").exists(), built.stdout
