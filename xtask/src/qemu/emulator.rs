//! Which qemu? The one that `QEMU_SYSTEM_ARM` (or `QEMU_SYSTEM_RISCV32`, `QEMU_SYSTEM_XTENSA`) names, else the one on the PATH, else the
//! distribution's package. Where installing that would remove other packages (qemu-utils of a newer release, say), it is
//! unpacked under `target/` instead.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::script::{self, Word};
use crate::setup::{self, Purpose};
use crate::{Failure, Result, places, programs, step};

pub struct Emulator {
    program: &'static str,
    /// The environment variable that may name another.
    variable: &'static str,
    purpose: Purpose,
    /// Debian's package.
    package: &'static str,
}

pub const ARM: Emulator = Emulator {
    program: "qemu-system-arm",
    variable: "QEMU_SYSTEM_ARM",
    purpose: Purpose::Emulator,
    package: "qemu-system-arm",
};

pub const RISCV: Emulator = Emulator {
    program: "qemu-system-riscv32",
    variable: "QEMU_SYSTEM_RISCV32",
    purpose: Purpose::RiscvEmulator,
    package: "qemu-system-misc",
};

pub const XTENSA: Emulator = Emulator {
    program: "qemu-system-xtensa",
    variable: "QEMU_SYSTEM_XTENSA",
    purpose: Purpose::XtensaEmulator,
    package: "qemu-system-misc",
};

pub fn program(emulator: &Emulator) -> Result<PathBuf> {
    let name = emulator.program;
    if let Some(named) = std::env::var_os(emulator.variable) {
        return Ok(named.into());
    }
    if let Some(program) = programs::find(name) {
        return Ok(program);
    }
    let root = folder(emulator).join("root");
    if unpacked(emulator, &root).exists() {
        return wrapper(emulator, &root);
    }
    match plan(emulator) {
        Some(plan) if plan.removes => unpack(emulator, &plan.installs),
        _ => {
            setup::ensure(&[emulator.purpose])?;
            programs::find(name).ok_or_else(|| Failure::new(format!("{name} is not on the PATH")))
        }
    }
}

/// What apt would do to install the emulator, where there is an apt that knows it.
struct Plan {
    removes: bool,
    /// `name=version`
    installs: Vec<String>,
}

fn plan(emulator: &Emulator) -> Option<Plan> {
    programs::find("apt-get")?;
    let ask = || {
        let mut apt = Command::new("apt-get");
        apt.env("LC_ALL", "C").args(["--simulate", "install", "--no-install-recommends", emulator.package]);
        step::output("asking apt for qemu", "qemu-plan", &mut apt).ok()
    };
    // Images for containers come without the lists of packages.
    let said = ask().or_else(|| setup::refresh_packages().ok().and_then(|()| ask()))?;
    let lines = |start: &'static str| said.lines().filter_map(move |line| line.strip_prefix(start));
    Some(Plan { removes: lines("Remv ").next().is_some(), installs: lines("Inst ").filter_map(pinned).collect() })
}

/// `name (version source [architecture])` as apt-get takes it.
fn pinned(line: &str) -> Option<String> {
    let name = line.split(' ').next()?;
    let version = line.split_once('(')?.1.split(' ').next()?;
    Some(format!("{name}={version}"))
}

/// One for each package, which may have several emulators.
fn folder(emulator: &Emulator) -> PathBuf {
    let folder = places::target().join("qemu");
    folder.join(if emulator.package == ARM.package { "emulator" } else { "emulator-misc" })
}

/// Downloads and unpacks packages.
fn unpack(emulator: &Emulator, packages: &[String]) -> Result<PathBuf> {
    let folder = folder(emulator);
    let (downloads, root) = (folder.join("packages"), folder.join("root"));
    for folder in [&downloads, &root] {
        fs::create_dir_all(folder).map_err(|e| Failure::at("make", folder, e))?;
    }
    let mut apt = Command::new("apt-get");
    apt.current_dir(&downloads).arg("download").args(packages);
    step::run("fetching qemu (installing it would remove other packages)", "qemu-download", &mut apt)?;
    for package in entries(&downloads)? {
        let mut dpkg = Command::new("dpkg");
        dpkg.arg("-x").arg(&package).arg(&root);
        step::run("unpacking qemu", "qemu-unpack", &mut dpkg)?;
    }

    wrapper(emulator, &root)
}

/// The emulator among unpacked packages.
fn unpacked(emulator: &Emulator, root: &Path) -> PathBuf {
    root.join("usr/bin").join(emulator.program)
}

/// Writes the program that starts it with the libraries and data that it finds among them.
fn wrapper(emulator: &Emulator, root: &Path) -> Result<PathBuf> {
    let wrapper = folder(emulator).join(emulator.program);
    let words = [
        "env".into(),
        Word::Places("LD_LIBRARY_PATH", libraries(root)?),
        Word::Place(unpacked(emulator, root)),
        "-L".into(),
        Word::Place(root.join("usr/share/qemu")),
    ];
    script::write(&wrapper, &words)?;
    Ok(wrapper)
}

/// The folders with libraries: `lib/<machine>` and `usr/lib/<machine>`.
fn libraries(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for lib in ["usr/lib", "lib"].map(|lib| root.join(lib)).into_iter().filter(|lib| lib.exists()) {
        found.extend(entries(&lib)?.into_iter().filter(|folder| folder.to_string_lossy().contains("-linux-")));
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|e| Failure::at("read", folder, e))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
}
