"""What docs/c-abi.md promises: each check of contract.c, the numbers and names of the header, the size."""

import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = (ROOT / "include" / "aliyun_iot.h").read_text()
CHECKS = re.findall(r"CHECK\((\w+)\)[,}]", (ROOT / "tests" / "c" / "contract.c").read_text())

# Programs are compiled against these: a number is never changed nor used again.
NUMBERS = {
    "STATUS": {
        "OK": 0, "NOT_CONNECTED": -1, "FULL": -2, "TOO_LARGE": -3, "ALREADY_CONNECTED": -4, "NO_THING": -5,
        "LEFT_OUT": -6, "GIVEN_UP": -7, "NULL": -10, "TOPIC": -11, "JSON": -12, "EVENT_ID": -13, "QOS": -14, "PAYLOAD": -15,
        "FILE_NAME": -16, "FILE_SIZE": -17, "BLOCK": -18, "NESTING": -19,
        "PRODUCT_KEY": -20, "DEVICE_NAME": -21, "DEVICE_SECRET": -22, "REGION": -23, "INSTANCE_ID": -24, "HOST": -25,
        "PORT": -26, "CLIENT_ID": -27, "USER_NAME": -28, "PASSWORD": -29, "SIGN_METHOD": -30, "KEEPALIVE": -31,
        "PRODUCT_SECRET": -32, "DEVICE_TOKEN": -33, "AUTH_TYPE": -34,
        "TOPIC_LENGTH": -35, "TOPIC_LEVELS": -36, "TOPIC_OWNER": -37, "FILTER_TOO_LONG": -38,
    },
    "LOSS": {"LINK": 0, "REFUSED": 1, "PEER": 2, "TIMEOUT": 3, "KICKED": 4},
    "EVENT_KIND": {
        "CONNECTED": 1, "DISCONNECTED": 2, "FAILED": 3, "CLOSED": 4, "PROPERTIES": 5, "SERVICE": 6, "RAW": 7,
        "MESSAGE": 8, "REPLY": 9, "DELIVERED": 10, "SUBSCRIBED": 11, "OVERSIZE": 12,
        "REGISTERED": 13, "NOT_REGISTERED": 14, "TIME": 16, "NO_TIME": 17,
        "UPLOAD_BLOCK": 18, "UPLOADED": 19, "UPLOAD_FAILED": 20, "CALL_RAW": 21, "RAW_REPLY": 22, "UNSUBSCRIBED": 23, "GIVEN_UP": 24,
    },
}

# What is known to be wrong in the library. Whoever puts it right takes the line away.
KNOWN = {
}


def listed(checks):
    return [
        pytest.param(name, marks=pytest.mark.xfail(reason=KNOWN[name], raises=AssertionError, strict=True)) if name in KNOWN else name
        for name in checks
    ]


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)


def test_the_list_of_checks_is_the_programs_own(contract):
    assert run(contract).stdout.split() == CHECKS and set(KNOWN) <= set(CHECKS)


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
    for kind, numbers in NUMBERS.items():
        found = re.findall(rf"^ *ALIYUN_IOT_{kind}_(\w+) = (-?\d+),", HEADER, re.MULTILINE)
        assert {name: int(number) for name, number in found} == numbers
    assert len(re.findall(r"^ *ALIYUN_IOT_\w+ = ", HEADER, re.MULTILINE)) == sum(map(len, NUMBERS.values()))


def test_the_compiler_reads_the_same_numbers(compile_c, tmp_path):
    source = tmp_path / "numbers.c"
    checks = [
        f'_Static_assert(ALIYUN_IOT_{kind}_{name} == {number}, "{name}");\n'
        for kind, numbers in NUMBERS.items()
        for name, number in numbers.items()
    ]
    checks += ['_Static_assert(sizeof(aliyun_iot_status) == 4 && (aliyun_iot_status)-1 < 0, "int32_t");\n']
    source.write_text('#include "aliyun_iot.h"\n' + "".join(checks) + "int main(void) { return 0; }\n")
    compile_c(source, "numbers")


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
    declared = set(re.findall(r"\b(aliyun_iot_\w+)\(", HEADER))
    names = {line.split()[-1] for line in run("nm", "--defined-only", "--extern-only", library).stdout.splitlines() if line.split()[1:2] == ["T"]}
    assert {name for name in names if name.startswith("aliyun_iot_")} == declared


def test_cxx_takes_the_header(library, tmp_path):
    if not shutil.which("g++"):
        pytest.skip("g++ is not installed")
    source = tmp_path / "size.cpp"
    source.write_text('#include "aliyun_iot.h"\nint main() { return aliyun_iot_device_size() == 0; }\n')
    program = tmp_path / "size"
    subprocess.run(["g++", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}", "-o", program, source, library], check=True)
    subprocess.run([program], check=True)


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
