"""The archives of a release, from a folder that was moved: found by pkg-config and by CMake, linked and run, on this computer
and on emulated processors."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import zipfile

import pytest

from release import release_folder

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HOST = "x86_64-unknown-linux-gnu"
EXAMPLE = ROOT / "examples" / "c" / "main.c"
SESSION = HERE / "session.c"
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Werror"]
MBEDTLS = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
WITHIN = 120

ARM = ["arm-none-eabi-gcc", "-mthumb", "-specs=picolibc.specs", "--oslib=semihost", "--crt0=semihost", "-Wl,--no-warn-execstack"]
RISCV = ["riscv64-unknown-elf-gcc", "-misa-spec=2.2", "-march=rv32imac", "-mabi=ilp32", "-specs=picolibc.specs",
    "--oslib=semihost", "--crt0=semihost"]
# How a program for each target is compiled, where its code and its data lie, and which machine of qemu's runs it.
PROCESSORS = {
    "thumbv6m-none-eabi": ([*ARM, "-mcpu=cortex-m0"], (0, 0x20000000), "mps2-an385"),
    "thumbv7m-none-eabi": ([*ARM, "-mcpu=cortex-m3"], (0, 0x20000000), "mps2-an385"),
    "thumbv7em-none-eabi": ([*ARM, "-mcpu=cortex-m4", "-mfloat-abi=soft"], (0, 0x20000000), "mps2-an386"),
    "thumbv7em-none-eabihf": (
        [*ARM, "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"], (0, 0x20000000), "mps2-an386"),
    "thumbv8m.main-none-eabi": ([*ARM, "-mcpu=cortex-m33", "-mfloat-abi=soft"], (0x10000000, 0x38000000), "mps2-an505"),
    "thumbv8m.main-none-eabihf": (
        [*ARM, "-mcpu=cortex-m33", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"], (0x10000000, 0x38000000), "mps2-an505"),
    "riscv32imc-unknown-none-elf": (RISCV, (0x80000000, 0x80200000), "virt"),
}


def pkg_config(folder, package, *options):
    env = {**os.environ, "PKG_CONFIG_PATH": str(folder / "lib" / "pkgconfig")}
    asked = subprocess.run(["pkg-config", *options, package], env=env, check=True, capture_output=True, text=True)
    return shlex.split(asked.stdout)


def package(name):
    return "aliyun_iot" if name == "default" else f"aliyun_iot-{name}"


def sets(folder):
    return sorted(path.name for path in (folder / "lib").iterdir() if (path / "libaliyun_iot.a").exists())


def run_cmake(build, prefix, *options):
    """Configures and builds the project in `project/`; returns the program."""
    configure = ["cmake", "-S", HERE / "project", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", *options]
    configured = subprocess.run(configure, capture_output=True, text=True)
    assert configured.returncode == 0, configured.stdout + configured.stderr
    built = subprocess.run(["cmake", "--build", build], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return build / "device"


def built_with_pkg_config(sdk, build):
    folder = sdk(HOST)
    [port] = pkg_config(folder, "aliyun_iot", "--variable=bsd")
    flags = pkg_config(folder, "aliyun_iot", "--cflags")
    libraries = pkg_config(folder, "aliyun_iot", "--libs")
    sources = [EXAMPLE, f"{port}/bsd_port.c", f"{port}/tls_mbedtls.c"]
    program = build / "device"
    command = ["gcc", *WARNINGS, "-O1", f"-I{port}", *flags, "-o", program, *sources, *libraries, *MBEDTLS]
    subprocess.run(command, check=True)
    return program


def built_with_cmake(sdk, build):
    return run_cmake(build, sdk(HOST), f"-DSOURCE={EXAMPLE}", "-DSET=aliyun_iot", "-DPORT=bsd_mbedtls")


def connects(program, cloud, device):
    """The example connects over verified TLS, and the cloud sees its property and its message."""
    environment = {
        **os.environ,
        "ALIYUN_PRODUCT_KEY": device["productKey"],
        "ALIYUN_DEVICE_NAME": device["deviceName"],
        "ALIYUN_DEVICE_SECRET": device["deviceSecret"],
        "SSL_CERT_FILE": str(cloud.ca_file),
    }
    command = [program, "localhost", str(cloud.tls_port), "3"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WITHIN)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "connected" in ended.stdout.splitlines()
    assert cloud.wait_seen(kind="login", device=device["deviceName"])["tls"]
    assert cloud.wait_seen(kind="property_post", device=device["deviceName"])["code"] == 200
    assert cloud.wait_seen(kind="publish", device=device["deviceName"])["payload"] == "hello from C"


@pytest.mark.parametrize("build", [built_with_pkg_config, built_with_cmake], ids=["pkg-config", "cmake"])
def test_the_example_from_a_moved_folder(build, sdk, tmp_path, cloud, device):
    connects(build(sdk, tmp_path), cloud, device)


def test_cmake_refuses_an_archive_for_another_kind_of_processor(sdk, tmp_path):
    configure = ["cmake", "-S", HERE / "project", "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={sdk('thumbv7m-none-eabi')}"]
    refused = subprocess.run([*configure, f"-DSOURCE={SESSION}", "-DSET=aliyun_iot"], capture_output=True, text=True)
    assert refused.returncode != 0
    assert re.search(r"0\.1\.0 \(for pointers of 4\s+bytes\)", refused.stderr), refused.stderr


@pytest.fixture(scope="module")
def session(sdk, tmp_path_factory):
    """What `session.c` prints with the default archive for this computer."""
    program = tmp_path_factory.mktemp("session") / "session"
    folder = sdk(HOST)
    flags = pkg_config(folder, "aliyun_iot", "--cflags", "--libs")
    subprocess.run(["gcc", *WARNINGS, "-o", program, SESSION, *flags], check=True)
    return subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()


def test_a_session(session):
    assert [line.split()[0] for line in session] == [
        "link", "sent", "event", "sent", "event", "event", "sent", "sent", "sent", "sent", "done"
    ], session
    connect = bytes.fromhex(session[1].removeprefix("sent "))
    assert connect[0] == 0x10 and b"securemode=2,signmethod=hmacsha256" in connect
    assert "event 32 hi!" in session


def pytest_generate_tests(metafunc):
    if "processor" in metafunc.fixturenames:
        there = [target for target in PROCESSORS if list(release_folder().glob(f"aliyun-iot-*-{target}.zip"))]
        metafunc.parametrize("processor", there or list(PROCESSORS))


@pytest.mark.parametrize("name", ["default", "words", "least"])
def test_a_session_on_an_emulated_processor(processor, name, sdk, session, tmp_path):
    """Each archive of the release sends on its processor what the one for computers sends here."""
    target, folder = processor, sdk(processor)
    compiler, (code, data), machine = PROCESSORS[target]
    layout = [f"-Wl,--defsym=__flash={code}", "-Wl,--defsym=__flash_size=0x200000", f"-Wl,--defsym=__ram={data}",
        "-Wl,--defsym=__ram_size=0x40000"]
    flags = pkg_config(folder, package(name), "--cflags", "--libs")
    program = tmp_path / "session.elf"
    subprocess.run([*compiler, *WARNINGS, "-Os", "-o", program, SESSION, *flags, *layout], check=True)
    emulator = os.environ.get("QEMU_SYSTEM_RISCV32" if machine == "virt" else "QEMU_SYSTEM_ARM")
    emulator = emulator or shutil.which("qemu-system-riscv32" if machine == "virt" else "qemu-system-arm")
    if not emulator:
        pytest.skip("the emulator is not installed")
    options = ["-M", machine, "-nographic", "-monitor", "none", "-serial", "null", *(["-bios", "none"] if machine == "virt" else [])]
    command = [emulator, *options, "-semihosting-config", "enable=on,target=native", "-kernel", program]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=WITHIN)
    assert (ended.returncode, ended.stdout.splitlines()) == (0, session)


def test_cmake_for_a_processor_without_a_system(sdk, tmp_path):
    compiler, (code, data), _ = PROCESSORS["thumbv7m-none-eabi"]
    flags = " ".join([*compiler[1:], f"-Wl,--defsym=__flash={code}", "-Wl,--defsym=__flash_size=0x200000",
        f"-Wl,--defsym=__ram={data}", "-Wl,--defsym=__ram_size=0x40000"])
    options = ["-DCMAKE_SYSTEM_NAME=Generic", f"-DCMAKE_C_COMPILER={compiler[0]}", f"-DCMAKE_C_FLAGS={flags}"]
    for name in ("words", "least"):
        program = run_cmake(tmp_path / name, sdk("thumbv7m-none-eabi"), *options, f"-DSOURCE={SESSION}", f"-DSET={name}")
        assert program.read_bytes()[:6] == b"\x7fELF\x01\x01"


def test_every_target_of_the_release_is_run(release, sdk):
    """CONTENTS.md says of a target that it is run only if a test here runs it; and a release that is not whole says so."""
    page = (release / "CONTENTS.md").read_text()
    rows = dict(re.findall(r"^\| `aliyun-iot-[0-9.]+?-([a-z][^`]*)\.zip` \|.*\| ([^|]*) \|$", page, flags=re.M))
    assert rows and HOST in rows
    assert "not a whole release" in page or set(PROCESSORS) < set(rows)
    components = {name: rows.pop(name) for name in ("esp-idf", "zephyr") if name in rows}
    assert all("not built with it" in run for run in components.values())
    for target, run in rows.items():
        folder = sdk(target)
        if target == HOST:
            assert "examples/c" in run
        elif target in PROCESSORS:
            assert "tests/release/session.c" in run and sets(folder) == ["default", "least", "words"]
        else:
            assert run == "compiled only"


def test_what_is_in_an_archive(release):
    for path in release.glob("aliyun-iot-*.zip"):
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = [info.filename.split("/", 1)[1] for info in infos]
            tops = {info.filename.split("/", 1)[0] for info in infos}
            assert tops == {path.stem} and names == sorted(names)
            assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
            assert {"README.md", "LICENSES.txt", "include/aliyun_iot.h", "bsd/bsd_port.c", "bsd/roots_data.h"} <= set(names)
            for_build_systems = path.stem.endswith(("-esp-idf", "-zephyr"))
            assert ("bsd/aliyun_iot.cmake" in names and "CMakeLists.txt" in names) == for_build_systems
            assert archive.read(f"{path.stem}/include/aliyun_iot.h") == (ROOT / "include" / "aliyun_iot.h").read_bytes()
            assert for_build_systems or "@" not in archive.read(f"{path.stem}/README.md").decode()


def test_a_component_has_the_archives_where_it_looks_for_them(release):
    """tests/ports configures this layout; here are the names that its build files look for."""
    [path] = release.glob("aliyun-iot-*-zephyr.zip")
    with zipfile.ZipFile(path) as archive:
        names = {name.split("/", 1)[1] for name in archive.namelist()}
    assert {"zephyr/module.yml", "CMakeLists.txt", "Kconfig", "bsd/Kconfig"} <= names
    archives = {name for name in names if name.endswith(".a")}
    least = "without-call-without-ntp-without-raw-without-register-without-upload"
    expected = {f"lib/thumbv7m-none-eabi/{folder}libaliyun_iot.a" for folder in ("", "with-words/", f"{least}/")}
    assert expected <= archives
