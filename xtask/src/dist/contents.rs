//! What is in a release, what was it made from and with, and what of it was run where? The page CONTENTS.md.

use std::process::Command;

use super::component;
use super::sets;
use super::tree::Tree;
use crate::families::{self, Family};
use crate::targets::Target;
use crate::{Failure, Result, places, quiet};

/// Which program or test runs the code of a target here. One that is not named is compiled only.
const RUN: [(&str, &str); 8] = [
    ("x86_64-unknown-linux-gnu", "`examples/c` from this archive, on Linux against the local cloud"),
    ("thumbv6m-none-eabi", CORTEX_M3),
    ("thumbv7m-none-eabi", CORTEX_M3),
    ("thumbv7em-none-eabi", CORTEX_M4),
    ("thumbv7em-none-eabihf", CORTEX_M4),
    ("thumbv8m.main-none-eabi", CORTEX_M33),
    ("thumbv8m.main-none-eabihf", CORTEX_M33),
    ("riscv32imc-unknown-none-elf", "`tests/release/session.c` from each archive, on an emulated RV32 (qemu's virt)"),
];
const CORTEX_M3: &str = "`tests/release/session.c` from each archive, on an emulated Cortex-M3 (MPS2 AN385)";
const CORTEX_M4: &str = "`tests/release/session.c` from each archive, on an emulated Cortex-M4F (MPS2 AN386)";
const CORTEX_M33: &str = "`tests/release/session.c` from each archive, on an emulated Cortex-M33 (MPS2 AN505)";

/// Where it is said on which firmware each native module runs.
const MODULES: &str = include_str!("../../../docs/natmod.md");

/// The toolchain that releases are made with.
const TOOLCHAIN: &str = include_str!("../../../rust-toolchain.toml");

/// C compilers whose versions a native module depends on.
const COMPILERS: [&str; 3] = ["gcc", "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc"];

pub struct Release<'a> {
    pub targets: &'a [&'static Target],
    pub packages: &'a [String],
    pub is_whole: bool,
    /// The Rust compilers that took part.
    pub rust: Vec<String>,
    pub micropython: String,
    /// The checksum of Cargo.lock.
    pub lock: String,
}

pub fn page(release: &Release, files: &Tree) -> Result<String> {
    let mut page = format!("# aliyunIoT {}\n\n{}\n\n", env!("CARGO_PKG_VERSION"), origin(release));
    page += &format!("Made with {}.\n\n", made_with(release).join("; "));
    let pinned = pinned(TOOLCHAIN).ok_or("rust-toolchain.toml names no channel")?;
    if !release.rust.iter().any(|compiler| compiler.starts_with(&format!("rustc {pinned} "))) {
        page += &format!("Rust {pinned}, which rust-toolchain.toml names, would have made other bytes.\n\n");
    }
    page +=
        "No file was run on real hardware. `SHA256SUMS` has the checksum of each file, `LICENSES.txt` the licences.\n";
    page += "\n## Packages for MicroPython's `mip`\n\n| package | processors | run here on |\n|---|---|---|\n";
    for package in release.packages {
        let (processors, firmware) = module(package)?;
        page += &format!("| `mip/{package}/package.json` | {processors} | {firmware} |\n");
    }
    page += "| `mip/python/package.json` | any, for firmware with the module built in: `online.py` alone | ";
    page += "MicroPython's unix port |\n";
    for Family { name, about, .. } in &families::ALL {
        page += &format!("| `mip/{name}/package.json` | any: {about}, beside the module | MicroPython's unix port |\n");
    }
    page += "\n## Archives for firmware in C, and for MicroPython firmware with the module built in\n\n";
    page += "Each has the header, the port over BSD sockets, and files for pkg-config and CMake.\n\n";
    page += "| file | sets of features | run by the tests of releases |\n|---|---|---|\n";
    for target in release.targets {
        let names: Vec<String> = sets::of(target).map(|set| format!("`{}`", set.name)).collect();
        let run = RUN.iter().find(|(triple, _)| *triple == target.triple).map_or("compiled only", |(_, run)| run);
        page += &format!("| `{}.zip` | {} | {run} |\n", super::sdk::name(target), names.join(", "));
    }
    for component in component::ALL {
        let file = component.file();
        if files.iter().any(|(path, _)| path == file) {
            page += &format!("| `{file}` | {} | {} |\n", component.about, component.run);
        }
    }
    page += "\n## All files\n\n| file | bytes |\n|---|---:|\n";
    for (path, bytes) in files.iter() {
        page += &format!("| `{path}` | {} |\n", bytes.len());
    }
    Ok(page)
}

/// Which sources it was made from.
fn origin(release: &Release) -> String {
    let git = |arguments: &[&str]| {
        let said = quiet::answer(Command::new("git").current_dir(places::root()).args(arguments))?;
        Some(said.trim().to_owned())
    };
    let job = if release.is_whole {
        "`cargo xtask dist`"
    } else {
        "`cargo xtask dist` with some of its parts, not a whole release"
    };
    match (git(&["rev-parse", "HEAD"]), git(&["--no-optional-locks", "status", "--porcelain"])) {
        (Some(commit), Some(changes)) if changes.is_empty() => format!("Made by {job} from commit {commit}."),
        (Some(commit), _) => format!("Made by {job} from commit {commit} with changes that are not committed."),
        (None, _) => format!("Made by {job} from sources without a history."),
    }
}

fn made_with(release: &Release) -> Vec<String> {
    let first_line = |program: &&str| {
        let said = quiet::answer(Command::new(program).arg("--version"))?;
        said.lines().next().map(str::to_owned)
    };
    let mut all = release.rust.clone();
    all.push(format!("the packages of Cargo.lock (SHA-256 {})", release.lock));
    all.push(format!("MicroPython {}", release.micropython));
    all.extend(COMPILERS.iter().filter_map(first_line));
    all
}

/// The version that a toolchain file names.
fn pinned(file: &str) -> Option<&str> {
    file.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"'))
}

/// The processors of a native module, and the firmware that it was run on, as docs/natmod.md says.
fn module(package: &str) -> Result<(&'static str, &'static str)> {
    row(MODULES, package).ok_or_else(|| Failure::new(format!("docs/natmod.md does not say where `{package}` runs")))
}

/// The second and the last cell of a row.
fn row<'a>(page: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let line = page.lines().find_map(|line| line.strip_prefix(&format!("| `{name}` | "))?.strip_suffix(" |"))?;
    Some((line.split(" | ").next()?, line.rsplit(" | ").next()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::natmod;

    #[test]
    fn every_native_module_has_a_row() {
        assert_eq!(row("x\n| `a` | b | 1 | c d |\n", "a"), Some(("b", "c d")));
        for package in natmod::names().expect("the packages") {
            assert!(module(&package).is_ok(), "{package}");
        }
        assert!(module("armv8").is_err());
        assert!(MODULES.contains("loaded and run here on |\n"), "the last column is that of firmware");
    }

    #[test]
    fn the_toolchain_is_pinned_to_one_version() {
        let pinned = pinned(TOOLCHAIN).expect("a channel");
        assert!(
            pinned.split('.').count() == 3 && pinned.split('.').all(|part| part.parse::<u32>().is_ok()),
            "{pinned}"
        );
    }

    #[test]
    fn what_is_said_to_run_is_a_target() {
        for (triple, _) in RUN {
            assert!(crate::targets::named(triple).is_ok_and(|target| target.triple == triple), "{triple}");
        }
    }
}
