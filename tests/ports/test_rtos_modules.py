"""The component for ESP-IDF and the module for Zephyr, as far as that goes without their SDKs: Kconfig is parsed and evaluated,
the CMake files run with functions of the SDK's names, and all sources compile against headers of the SDK's shape. From the
repository, and from a package that has `bsd`, `include` and `lib` in its folder."""

import os
import pathlib
import re
import shutil
import subprocess
import tomllib

import pytest
from kconfiglib import Kconfig

from micropython import ROOT

HERE = pathlib.Path(__file__).resolve().parent
SHAPES = HERE / "shapes"
BSD = ROOT / "ports" / "bsd"
COMPONENT = ROOT / "ports" / "esp-idf" / "aliyun_iot"
MODULE = ROOT / "ports" / "zephyr"
LIMIT = 300
WARNINGS = ["-Wall", "-Wextra", "-Werror"]

# ---- Kconfig ----

# What the options of the module need of Zephyr, by its names.
ZEPHYR = "\n".join(f'config {name}\n\tbool "{name}"\n' for name in (
    "NETWORKING", "NET_SOCKETS", "NET_TCP", "DNS_RESOLVER", "POSIX_API", "ZVFS", "ZVFS_EVENTFD", "MBEDTLS", "MBEDTLS_ENTROPY_C",
    "MBEDTLS_CTR_DRBG_ENABLED", "MBEDTLS_TLS_VERSION_1_2", "MBEDTLS_SERVER_NAME_INDICATION", "MBEDTLS_HAVE_TIME_DATE",
))


class Choice:
    """The options of a Kconfig file, once some were set."""

    def __init__(self, folder, text, **settings):
        file = folder / "Kconfig.all"
        file.write_text(text)
        self.kconfig = Kconfig(str(file), warn_to_stderr=False)
        for name, value in settings.items():
            assert self.kconfig.syms[name].set_value(value), name
        assert not [line for line in self.kconfig.warnings if "undefined symbol" not in line], self.kconfig.warnings

    def __getitem__(self, name):
        return self.kconfig.syms[name].str_value

    def as_cmake(self):
        """What both build systems set for CMake: an option that is off is not set."""
        values = {name: symbol.str_value for name, symbol in self.kconfig.syms.items() if symbol.nodes}
        return {f"CONFIG_{name}": value for name, value in values.items() if value not in ("n", "")}


def esp_idf(folder, source=COMPONENT, **settings):
    return Choice(folder, f'source "{source}/Kconfig"\n', **settings)


def zephyr(folder, source=MODULE, **settings):
    usual = {"NETWORKING": "y", "ALIYUN_IOT": "y"}
    return Choice(folder, f'{ZEPHYR}\nsource "{source}/Kconfig"\n', **{**usual, **settings})


BOTH = pytest.mark.parametrize("choose", [esp_idf, zephyr])


def manifest():
    return tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))


def features():
    """Those of the library that a build can choose, and whether bare metal has them by default."""
    opt_in = manifest()["package"]["metadata"]["bare-metal"]["opt-in"]
    no_choice = ("default", "ffi", "panic-handler", "compact", "clouds", "vendor")
    others = [name for name in manifest()["features"] if name not in (*opt_in, *no_choice)]
    return {**{name: False for name in opt_in}, **{name: True for name in others}}


@BOTH
def test_each_feature_is_an_option_with_the_default_of_bare_metal(tmp_path, choose):
    kconfig = choose(tmp_path)
    menu = re.search(r'menu "Features.*?endmenu', (BSD / "Kconfig").read_text(), re.S)[0]
    assert set(re.findall(r"config ALIYUN_IOT_(\w+)", menu)) == {name.upper() for name in features()}
    assert {name: kconfig[f"ALIYUN_IOT_{name.upper()}"] == "y" for name in features()} == features()


@BOTH
def test_each_trust_root_is_an_option(tmp_path, choose):
    roots = set(re.findall(r"#ifndef ALIYUN_IOT_(ROOT_\w+)", (BSD / "roots_data.h").read_text()))
    options = {name.removeprefix("ALIYUN_IOT_") for name in choose(tmp_path).kconfig.syms if name.startswith("ALIYUN_IOT_ROOT_")}
    assert options == roots


@BOTH
def test_a_cloud_brings_its_trust_roots(tmp_path, choose):
    kconfig = choose(tmp_path, ALIYUN_IOT_TUYA="y")
    assert (kconfig["ALIYUN_IOT_ROOT_GODADDY_G2"], kconfig["ALIYUN_IOT_ROOT_TENCENT_IOT"]) == ("y", "n")


@BOTH
def test_sizes_and_the_task_are_as_in_the_header(tmp_path, choose):
    kconfig = choose(tmp_path)
    header = (BSD / "bsd_task.h").read_text()
    for size in ("RX_SIZE", "TX_SIZE", "TOPICS_SIZE", "LATER_SIZE"):
        assert kconfig[f"ALIYUN_IOT_{size}"] == re.search(rf"#define BSD_TASK_{size} \((\d+)\)", header)[1]
    for name in ("STACK", "PRIORITY"):
        assert kconfig[f"ALIYUN_IOT_TASK_{name}"] == re.search(rf"#define BSD_TASK_{name} \((\d+)\)", header)[1]
    too_small = choose(tmp_path, ALIYUN_IOT_RX_SIZE="100", ALIYUN_IOT_TX_SIZE="100")
    assert (too_small["ALIYUN_IOT_RX_SIZE"], too_small["ALIYUN_IOT_TX_SIZE"]) == ("2048", "2048"), "out of their range"


def test_the_module_selects_what_it_needs_of_zephyr(tmp_path):
    chosen = zephyr(tmp_path)
    needs = ("NET_SOCKETS", "POSIX_API", "ZVFS", "ZVFS_EVENTFD")
    tls = ("MBEDTLS", "MBEDTLS_CTR_DRBG_ENABLED", "MBEDTLS_SERVER_NAME_INDICATION", "MBEDTLS_HAVE_TIME_DATE")
    assert {chosen[name] for name in (*needs, *tls, "NET_TCP", "DNS_RESOLVER")} == {"y"}
    plain = zephyr(tmp_path, ALIYUN_IOT_TLS="n")
    assert {plain[name] for name in needs} == {"y"} and {plain[name] for name in tls} == {"n"}
    assert zephyr(tmp_path, MBEDTLS_SERVER_NAME_INDICATION="n")["MBEDTLS_SERVER_NAME_INDICATION"] == "n", "implied, not forced"
    off = zephyr(tmp_path, ALIYUN_IOT="n")
    assert not [name for name in off.kconfig.syms if name != "NETWORKING" and off[name] == "y"]
    assert zephyr(tmp_path, NETWORKING="n")["ALIYUN_IOT"] == "n"


def test_https_needs_registration_and_tls(tmp_path):
    assert esp_idf(tmp_path, ALIYUN_IOT_HTTPS="y")["ALIYUN_IOT_HTTPS"] == "y"
    for missing in ("ALIYUN_IOT_REGISTER", "ALIYUN_IOT_TLS"):
        assert esp_idf(tmp_path, ALIYUN_IOT_HTTPS="y", **{missing: "n"})["ALIYUN_IOT_HTTPS"] == "n"


@pytest.mark.parametrize("file", ["esp-idf/example/main/Kconfig.projbuild", "zephyr/example/Kconfig"])
def test_the_examples_ask_for_the_device(tmp_path, file):
    (tmp_path / "Kconfig.zephyr").touch()
    text = (ROOT / "ports" / file).read_text().replace('source "', f'source "{tmp_path}/')
    options = set(Choice(tmp_path, text).kconfig.syms)
    assert {f"EXAMPLE_{name}" for name in ("PRODUCT_KEY", "DEVICE_NAME", "DEVICE_SECRET", "INSTANCE_ID")} <= options


def test_each_line_of_a_configuration_names_an_option(tmp_path):
    """Of the project's own: those of the SDKs are not here."""
    for folder, kconfig in (("esp-idf", esp_idf(tmp_path)), ("zephyr", zephyr(tmp_path))):
        for file in (ROOT / "ports" / folder / "example").glob("*"):
            if file.name in ("prj.conf", "sdkconfig.defaults"):
                named = re.findall(r"^CONFIG_(ALIYUN_IOT\w*)=", file.read_text(), re.M)
                assert named and all(kconfig.kconfig.syms[name].nodes for name in named)


def test_what_describes_them_is_right():
    component = (COMPONENT / "idf_component.yml").read_text()
    assert f'version: "{manifest()["workspace"]["package"]["version"]}"' in component
    module = dict(re.findall(r"^  (cmake|kconfig): (\S+)$", (MODULE / "zephyr" / "module.yml").read_text(), re.M))
    assert (MODULE / module["cmake"] / "CMakeLists.txt").exists() and (MODULE / module["kconfig"]).exists()


# ---- CMake ----

ESP_IDF = """
cmake_minimum_required(VERSION 3.16)
project(check C)
set(IDF_TARGET {chip})
{settings}
function(idf_component_register)
    cmake_parse_arguments(_ "" "" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${{ARGN}})
    if(__UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "unknown: ${{__UNPARSED_ARGUMENTS}}")
    endif()
    message(NOTICE "sources=${{__SRCS}}")
    message(NOTICE "includes=${{__INCLUDE_DIRS}}")
    message(NOTICE "requires=${{__REQUIRES}}")
    add_library(component STATIC ${{__SRCS}})
    set(COMPONENT_LIB component PARENT_SCOPE)
endfunction()
function(add_prebuilt_library name archive)
    if(NOT EXISTS ${{archive}})
        message(FATAL_ERROR "no ${{archive}}")
    endif()
    add_library(${{name}} STATIC IMPORTED GLOBAL)
    message(NOTICE "archive=${{archive}}")
endfunction()
add_subdirectory({folder} component)
get_target_property(definitions component COMPILE_DEFINITIONS)
message(NOTICE "definitions=${{definitions}}")
get_target_property(links component LINK_LIBRARIES)
message(NOTICE "links=${{links}}")
"""
ZEPHYR_CMAKE = """
cmake_minimum_required(VERSION 3.20)
project(check C)
{settings}
macro(zephyr_library)
    message(NOTICE "library")
endmacro()
foreach(word include_directories=includes library_sources=sources library_compile_definitions=definitions
        library_link_libraries=links)
    string(REGEX MATCH "(.*)=(.*)" _ ${{word}})
    cmake_language(EVAL CODE "function(zephyr_${{CMAKE_MATCH_1}})\nmessage(NOTICE \\"${{CMAKE_MATCH_2}}=\\${{ARGN}}\\")\nendfunction()")
endforeach()
function(zephyr_library_import name archive)
    if(NOT EXISTS ${{archive}})
        message(FATAL_ERROR "no ${{archive}}")
    endif()
    message(NOTICE "archive=${{archive}}")
endfunction()
add_subdirectory({folder} module)
"""


def configure(folder, text, kconfig, **values):
    settings = "\n".join(f"set({name} [==[{value}]==])" for name, value in {**kconfig.as_cmake(), **values}.items())
    (folder / "CMakeLists.txt").write_text(text.replace("{settings}", settings.replace("{", "{{").replace("}", "}}")))
    shutil.rmtree(folder / "build", ignore_errors=True)
    # Nothing is built, so no compiler is tried.
    command = ["cmake", "-S", folder, "-B", folder / "build", "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_C_COMPILER_FORCED=1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    said = {name: value.split(";") for name, value in re.findall(r"^(\w+)=(.*)$", done.stderr, re.M)}
    return done.returncode, said, " ".join(done.stderr.split())


def configure_esp_idf(folder, kconfig, chip="esp32c3", source=COMPONENT, **values):
    return configure(folder, ESP_IDF.format(chip=chip, folder=source, settings="{settings}"), kconfig, **values)


def configure_zephyr(folder, kconfig, processor="CPU_CORTEX_M4", source=MODULE, **values):
    text = ZEPHYR_CMAKE.format(folder=source, settings="{settings}")
    return configure(folder, text, kconfig, **{f"CONFIG_{processor}": "y"}, **values)


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "libaliyun_iot.a"
    path.write_text("!<arch>\n")
    return path


def names(paths):
    return [pathlib.Path(path).name for path in paths]


ALL = ["bsd_port.c", "bsd_shared.c", "tls_mbedtls.c", "bsd_task.c"]


def test_the_component_is_configured(tmp_path, archive):
    code, said, errors = configure_esp_idf(tmp_path, esp_idf(tmp_path), ALIYUN_IOT_LIB=archive)
    assert code == 0, errors
    assert names(said["sources"]) == ALL and all(pathlib.Path(path).exists() for path in said["sources"])
    assert said["archive"] == [str(archive)] and said["links"] == ["aliyun_iot_library"]
    assert {pathlib.Path(path).resolve() for path in said["includes"]} == {BSD, ROOT / "include"}
    assert {"lwip", "mbedtls"} <= set(said["requires"])
    assert {"BSD_TASK_RX_SIZE=2048", "BSD_TASK_TLS=1", "BSD_TASK_HTTPS=0", "TLS_MBEDTLS_READ_AHEAD=4096"} <= set(said["definitions"])


def test_the_module_is_configured(tmp_path, archive):
    code, said, errors = configure_zephyr(tmp_path, zephyr(tmp_path), ALIYUN_IOT_LIB=archive)
    assert code == 0, errors
    assert names(said["sources"]) == ALL and said["archive"] == [str(archive)] and said["links"] == ["mbedTLS"]
    assert {pathlib.Path(path).resolve() for path in said["includes"]} == {BSD, ROOT / "include"}
    code, said, errors = configure_zephyr(tmp_path, zephyr(tmp_path, ALIYUN_IOT="n"))
    assert code == 0 and not said, "a module that is not chosen adds nothing"


@pytest.mark.parametrize(("choose", "build"), [(esp_idf, configure_esp_idf), (zephyr, configure_zephyr)])
def test_options_choose_sources_and_settings(tmp_path, archive, choose, build):
    options = {"ALIYUN_IOT_TLS": "n", "ALIYUN_IOT_TASK": "n"}
    code, said, errors = build(tmp_path, choose(tmp_path, **options), ALIYUN_IOT_LIB=archive)
    assert code == 0, errors
    assert names(said["sources"]) == ALL[:2] and not any("=" in word for word in said["definitions"])
    options = {"ALIYUN_IOT_RX_SIZE": "5000", "ALIYUN_IOT_ROOT_GLOBALSIGN_R1": "n", "ALIYUN_IOT_HTTPS": "y"}
    code, said, errors = build(tmp_path, choose(tmp_path, **options), ALIYUN_IOT_LIB=archive)
    assert code == 0, errors
    assert {"BSD_TASK_RX_SIZE=5000", "ALIYUN_IOT_ROOT_GLOBALSIGN_R1=0", "BSD_TASK_HTTPS=1"} <= set(said["definitions"])


def folder_of(changed):
    """As `cargo xtask lib` names it."""
    words = [f"{'without' if default else 'with'}-{name}" for name, default in features().items() if name in changed]
    return "-".join(words)


@pytest.mark.parametrize("changed", [[], ["words"], ["upload", "sha1", "call", "md5"], list(features())], ids=len)
def test_features_choose_the_archive(tmp_path, changed):
    """From a package: the folder, `bsd`, `include`, and `lib` with all archives."""
    options = {f"ALIYUN_IOT_{name.upper()}": "n" if features()[name] else "y" for name in changed}
    for source, choose, build, target in (
        (COMPONENT, esp_idf, configure_esp_idf, "riscv32imc-unknown-none-elf"),
        (MODULE, zephyr, configure_zephyr, "thumbv7em-none-eabi"),
    ):
        package = tmp_path / source.parent.name / "package"
        shutil.copytree(source, package)
        shutil.copytree(BSD, package / "bsd")
        shutil.copytree(ROOT / "include", package / "include")
        code, said, errors = build(tmp_path, choose(tmp_path, source=package, **options), source=package)
        asked = "".join(f" --{word.replace('-', ' ', 1)}" for word in re.findall(r"with(?:out)?-\w+", folder_of(changed)))
        assert code != 0 and f"`cargo xtask lib {target}{asked}`" in errors, errors
        made = package / "lib" / target / folder_of(changed) / "libaliyun_iot.a"
        made.parent.mkdir(parents=True)
        made.write_text("!<arch>\n")
        code, said, errors = build(tmp_path, choose(tmp_path, source=package, **options), source=package)
        assert code == 0, errors
        assert [pathlib.Path(path).resolve() for path in said["archive"]] == [made]
        assert {pathlib.Path(path).resolve() for path in said["includes"]} == {package / "bsd", package / "include"}


CHIPS = {
    **dict.fromkeys(["esp32", "esp32s2", "esp32s3"], "xtensa-none-elf"),
    **dict.fromkeys(["esp32c2", "esp32c3", "esp32c5", "esp32c6", "esp32c61", "esp32h2"], "riscv32imc-unknown-none-elf"),
    # Hardware floats, and so another ABI.
    "esp32p4": None,
}
PROCESSORS = {
    ("CPU_CORTEX_M0",): "thumbv6m-none-eabi",
    ("CPU_CORTEX_M0PLUS",): "thumbv6m-none-eabi",
    ("CPU_CORTEX_M3",): "thumbv7m-none-eabi",
    ("CPU_CORTEX_M4",): "thumbv7em-none-eabi",
    ("CPU_CORTEX_M4", "FP_HARDABI"): "thumbv7em-none-eabihf",
    ("CPU_CORTEX_M7", "FP_HARDABI"): "thumbv7em-none-eabihf",
    ("CPU_CORTEX_M33",): "thumbv8m.main-none-eabi",
    ("CPU_CORTEX_M33", "FP_HARDABI"): "thumbv8m.main-none-eabihf",
    ("RISCV",): "riscv32imc-unknown-none-elf",
    ("RISCV", "FLOAT_HARD"): None,
    ("RISCV", "64BIT"): None,
    ("SOC_SERIES_ESP32S3",): "xtensa-none-elf",
    ("CPU_CORTEX_A9",): None,
}


def archive_of(errors):
    found = re.search(r"`cargo xtask lib (\S+)`", errors)
    return found and found[1]


def test_each_chip_has_its_archive(tmp_path):
    package = tmp_path / "package"
    shutil.copytree(COMPONENT, package)
    shutil.copytree(BSD, package / "bsd")
    shutil.copytree(ROOT / "include", package / "include")
    kconfig = esp_idf(tmp_path, source=package)
    for chip, target in CHIPS.items():
        code, _, errors = configure_esp_idf(tmp_path, kconfig, chip, package)
        assert code != 0 and archive_of(errors) == target, chip
        assert target or "there is no archive for esp32p4" in errors


def test_each_processor_has_its_archive(tmp_path):
    package = tmp_path / "package"
    shutil.copytree(MODULE, package)
    shutil.copytree(BSD, package / "bsd")
    shutil.copytree(ROOT / "include", package / "include")
    kconfig = zephyr(tmp_path, source=package)
    for (processor, *more), target in PROCESSORS.items():
        code, _, errors = configure_zephyr(tmp_path, kconfig, processor, package, **{f"CONFIG_{name}": "y" for name in more})
        assert code != 0 and archive_of(errors) == target, processor
        assert target or "there is no archive for this processor" in errors


# ---- C ----

RISCV = ["riscv64-unknown-elf-gcc", "-specs=picolibc.specs", "-march=rv32imc", "-mabi=ilp32"]
ARM = ["arm-none-eabi-gcc", "-specs=picolibc.specs", "-mcpu=cortex-m4", "-mthumb"]
# `cargo xtask xtensa` makes it.
XTENSA = [os.environ.get("XTENSA", str(ROOT / "target" / "xtensa" / "bin" / "xtensawin-")) + "gcc"]
AS_ESP_IDF = ["-std=gnu17", "-DESP_PLATFORM", "-DLWIP_COMPAT_SOCKETS=0", "-DLWIP_SOCKET_POLL=0", "-DTESTS_C_LIBRARY_HAS_TIMEVAL"]
FOR_ESP_IDF = ("esp-idf", AS_ESP_IDF, "example/main/main.c", esp_idf, configure_esp_idf)
BUILDS = {
    "ESP-IDF on RISC-V": (RISCV, *FOR_ESP_IDF),
    "ESP-IDF on Xtensa": (XTENSA, *FOR_ESP_IDF),
    "Zephyr on a Cortex-M4": (ARM, "zephyr", ["-std=c17", "-D__ZEPHYR__"], "example/src/main.c", zephyr, configure_zephyr),
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_everything_compiles(library_sources, tmp_path, archive, build):
    compiler, name, flags, example, choose, build = build
    if not shutil.which(compiler[0]):
        pytest.skip(f"there is no {compiler[0]}")
    includes = [f"-I{SHAPES / name}", f"-I{HERE / 'lwip'}", "-isystem", library_sources / "lwip" / "src" / "include"]
    includes += ["-isystem", library_sources / "mbedtls" / "include"]
    for tls, https, later in (("y", "n", "0"), ("y", "y", "512"), ("n", "n", "512")):
        options = {"ALIYUN_IOT_TLS": tls, "ALIYUN_IOT_HTTPS": https, "ALIYUN_IOT_LATER_SIZE": later}
        code, said, errors = build(tmp_path, choose(tmp_path, **options), ALIYUN_IOT_LIB=archive)
        assert code == 0, errors
        definitions = [f"-D{definition}" for definition in said["definitions"]]
        sources = [*said["sources"], *([ROOT / "ports" / name / example] if later == "0" else [])]
        command = [*compiler, "-Os", *WARNINGS, *flags, *definitions, *includes]
        command += [f"-I{folder}" for folder in said["includes"]]
        for source in sources:
            done = subprocess.run([*command, "-c", "-o", tmp_path / "object.o", source], capture_output=True, text=True, timeout=LIMIT)
            assert done.returncode == 0, done.stderr
