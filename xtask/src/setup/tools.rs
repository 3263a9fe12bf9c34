//! Which tools does a job need, and which package has each of them?

use std::process::{Command, Stdio};

use crate::lib_job::linker::linker;
use crate::programs;

/// What a tool is needed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Build,
    Cloud,
    Test,
    /// Firmware for an Arm board.
    Board,
    /// The emulator that runs it.
    Emulator,
    /// Native modules and firmware for a RISC-V board.
    Riscv,
    /// The emulator that runs those.
    RiscvEmulator,
    /// The emulator of a board with an Xtensa processor.
    XtensaEmulator,
    /// What the library takes on each target.
    Size,
    /// Other clients to compare it with.
    Bench,
    /// libFuzzer, and programs in C++ that take the header.
    Cxx,
    /// An environment with packages from PyPI.
    Python,
    /// Packages from npm.
    Node,
}

pub struct Tool {
    pub name: &'static str,
    purpose: Purpose,
    is_there: fn(&Tool) -> bool,
    pub apt: &'static str,
    pub dnf: &'static str,
    pub pacman: &'static str,
    pub brew: &'static str,
}

const TOOLS: &[Tool] = &[
    program("gcc", Purpose::Build, "gcc", "gcc"),
    program("make", Purpose::Build, "make", "make"),
    Tool { brew: "python", pacman: "python", ..program("python3", Purpose::Build, "python3", "python3") },
    Tool { pacman: "xz", brew: "xz", ..program("xz", Purpose::Build, "xz-utils", "xz") },
    program("bzip2", Purpose::Build, "bzip2", "bzip2"),
    program("patch", Purpose::Build, "patch", "patch"),
    Tool {
        is_there: |tool| programs::find_server(tool.name).is_some(),
        ..program("mosquitto", Purpose::Cloud, "mosquitto", "mosquitto")
    },
    Tool {
        dnf: "arm-none-eabi-gcc-cs",
        ..program("arm-none-eabi-gcc", Purpose::Board, "gcc-arm-none-eabi", "arm-none-eabi-gcc")
    },
    Tool {
        name: "a C library for arm-none-eabi",
        is_there: |_| gcc_has_a_library("arm-none-eabi-gcc"),
        ..program("", Purpose::Board, "picolibc-arm-none-eabi", "arm-none-eabi-newlib")
    },
    program("qemu-system-arm", Purpose::Emulator, "qemu-system-arm", "qemu-system-arm"),
    program("riscv64-unknown-elf-gcc", Purpose::Riscv, "gcc-riscv64-unknown-elf", "riscv64-elf-gcc"),
    Tool {
        name: "a C library for riscv64-unknown-elf",
        is_there: |_| gcc_has_a_library("riscv64-unknown-elf-gcc"),
        ..program("", Purpose::Riscv, "picolibc-riscv64-unknown-elf", "riscv64-elf-newlib")
    },
    Tool {
        dnf: "qemu-system-riscv-core",
        pacman: "qemu-system-riscv",
        brew: "qemu",
        ..program("qemu-system-riscv32", Purpose::RiscvEmulator, "qemu-system-misc", "qemu-system-riscv")
    },
    Tool {
        dnf: "qemu-system-xtensa-core",
        pacman: "qemu-system-xtensa",
        brew: "qemu",
        ..program("qemu-system-xtensa", Purpose::XtensaEmulator, "qemu-system-misc", "qemu-system-xtensa")
    },
    Tool { is_there: |_| linker().is_some(), ..program("a linker for every target", Purpose::Size, "lld", "lld") },
    program("g++", Purpose::Cxx, "g++", "gcc-c++"),
    program("valgrind", Purpose::Test, "valgrind", "valgrind"),
    program("strace", Purpose::Test, "strace", "strace"),
    program("cmake", Purpose::Test, "cmake", "cmake"),
    Tool { dnf: "pkgconf-pkg-config", ..program("pkg-config", Purpose::Test, "pkg-config", "pkgconf") },
    program("openssl", Purpose::Cloud, "openssl", "openssl"),
    Tool {
        name: "mbedTLS for C",
        is_there: |_| c_has_header("mbedtls/ssl.h"),
        dnf: "mbedtls-devel",
        ..program("", Purpose::Test, "libmbedtls-dev", "mbedtls")
    },
    Tool { brew: "wireshark", ..program("tshark", Purpose::Test, "tshark", "wireshark-cli") },
    Tool {
        name: "libmosquitto",
        is_there: |_| c_has_header("mosquitto.h"),
        dnf: "mosquitto-devel",
        ..program("", Purpose::Bench, "libmosquitto-dev", "mosquitto")
    },
    Tool {
        name: "paho for C",
        is_there: |_| c_has_header("MQTTAsync.h"),
        dnf: "paho-c-devel",
        brew: "libpaho-mqtt",
        ..program("", Purpose::Bench, "libpaho-mqtt-dev", "paho-mqtt-c")
    },
    Tool {
        name: "Python's venv",
        is_there: |_| python_can_make_environments(),
        pacman: "python",
        brew: "python",
        ..program("", Purpose::Python, "python3-venv", "python3")
    },
    program("node", Purpose::Node, "nodejs", "nodejs"),
    program("npm", Purpose::Node, "npm", "npm"),
];

/// What `purposes` need and this machine does not have.
pub fn missing(purposes: &[Purpose]) -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| purposes.contains(&tool.purpose) && !(tool.is_there)(tool)).collect()
}

const fn program(name: &'static str, purpose: Purpose, apt: &'static str, elsewhere: &'static str) -> Tool {
    Tool {
        name,
        purpose,
        is_there: |tool| programs::find(tool.name).is_some(),
        apt,
        dnf: elsewhere,
        pacman: elsewhere,
        brew: elsewhere,
    }
}

/// Asked only while there is no environment yet: it is the one question that takes time.
fn python_can_make_environments() -> bool {
    super::venv::is_fresh()
        || Command::new("python3")
            .args(["-c", "import venv, ensurepip"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
}

/// Does the C compiler find `header`?
fn c_has_header(header: &str) -> bool {
    Command::new("gcc")
        .args(["-E", "-x", "c", "/dev/null", "-o", "/dev/null", "-include", header])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Picolibc, or newlib: of either, MicroPython's qemu port takes the headers.
fn gcc_has_a_library(gcc: &str) -> bool {
    ["picolibc.specs", "libc.a"].iter().any(|file| {
        let found = Command::new(gcc).arg(format!("-print-file-name={file}")).output();
        found.is_ok_and(|found| found.stdout.trim_ascii() != file.as_bytes())
    })
}
