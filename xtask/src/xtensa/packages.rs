//! Which packages is the toolchain made of, and in which versions?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::unpacked::Unpacked;
use crate::{Failure, Result, quiet, step};

/// A program of the packages, and the version that everything here was tried with.
///
/// If a package is no longer there, or comes in another major version: change its name in [`PACKAGES`] and its version
/// here, then run `cargo xtask test xtensa` and `cargo xtask test natmod`. LLVM is the one that rustc has, too: its new
/// version may want another `data-layout` in `targets/xtensa-none-elf.json` (rustc names it).
struct Pinned {
    package: &'static str,
    program: &'static str,
    version: &'static str,
}

const PINNED: [Pinned; 2] = [
    Pinned { package: "llvm-22", program: "usr/lib/llvm-22/bin/llvm-mc", version: "22.1.8" },
    Pinned { package: "gcc-xtensa-lx106", program: "usr/bin/xtensa-lx106-elf-gcc", version: "12.2.0" },
];

/// This file, for people.
const WHERE: &str = "xtask/src/xtensa/packages.rs";

/// The same for Debian's Rust compiler, which is fetched apart.
const LLVM_OF_RUST: &str = "22.1.8";

/// gcc's headers of the C library are those of picolibc.
const PACKAGES: Unpacked = Unpacked {
    name: "the tools for Xtensa",
    packages: &["gcc-xtensa-lx106", "llvm-22", "picolibc-xtensa-lx106-elf"],
    folder: "xtensa",
    log: "xtensa",
};

/// Where the packages are unpacked; they are fetched if they are not there.
pub fn tree() -> Result<PathBuf> {
    let tree = PACKAGES.tree();
    let holds = fs::read_to_string(tree.join(STAMP)).unwrap_or_default();
    if holds != stamp() {
        PACKAGES.fetch(finish).map_err(|why| Failure::new(format!("{why}; {WHERE} says what to change")))?;
    }
    Ok(tree)
}

/// The file in a tree that says what it was made of.
const STAMP: &str = "packages.txt";

fn stamp() -> String {
    let versions = PINNED.iter().map(|pinned| format!("{} {}\n", pinned.package, pinned.version));
    [PACKAGES.packages.join(" "), "\n".to_owned()].into_iter().chain(versions).collect()
}

/// Fails if what was unpacked is in other versions than what was tried.
fn finish(tree: &Path) -> Result {
    for Pinned { package, program, version } in PINNED {
        let mut ask = with_libraries(tree, &tree.join(program))?;
        let said = quiet::answer(ask.arg("--version"));
        let said = said.ok_or_else(|| Failure::new(format!("{package} has no {program} that runs")))?;
        same_major(package, first_version(&said), version)?;
    }
    let file = tree.join(STAMP);
    fs::write(&file, stamp()).map_err(|e| Failure::at("write", &file, e))
}

/// Fails if Debian's Rust compiler generates code with another LLVM than the one that was tried.
pub fn check_rust(rustc: &Path) -> Result {
    let said = quiet::answer(Command::new(rustc).arg("-vV")).unwrap_or_default();
    let version = said.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    same_major("rustc-web's LLVM", version, LLVM_OF_RUST)
        .map_err(|why| Failure::new(format!("{why}; {WHERE} says what to change")))
}

/// A program of the tree, which finds its libraries.
pub fn with_libraries(tree: &Path, program: &Path) -> Result<Command> {
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", crate::unpacked::libraries(tree)?);
    Ok(command)
}

fn same_major(what: &str, found: Option<&str>, tried: &str) -> Result {
    let found = found.unwrap_or("unknown");
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if major(found) != major(tried) {
        return Err(Failure::new(format!("{what} is version {found}, and this was tried with {tried}")));
    }
    if found != tried {
        step::say(&format!("{what} is version {found}; the tests' results are from {tried}"));
    }
    Ok(())
}

/// The first word that is a version.
fn first_version(said: &str) -> Option<&str> {
    let is_version = |word: &&str| word.contains('.') && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    said.split_whitespace().find(is_version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_where_programs_say_them() {
        let gcc = "xtensa-lx106-elf-gcc (12.2.0-14+deb12u1+13+b2) 12.2.0\nCopyright (C) 2022 Free …";
        assert_eq!(first_version(gcc), Some("12.2.0"));
        let llvm = "Debian LLVM version 22.1.8\n  Optimized build.\n";
        assert_eq!(first_version(llvm), Some("22.1.8"));
        assert_eq!(first_version("no version"), None);
    }

    #[test]
    fn another_major_version_stops() {
        assert!(same_major("llvm-22", Some("22.1.9"), "22.1.8").is_ok());
        for found in [Some("23.1.0"), None] {
            let told = same_major("llvm-22", found, "22.1.8").expect_err("another one").to_string();
            assert!(told.contains("tried with 22.1.8") && !told.contains('\n'), "{told}");
        }
    }
}
