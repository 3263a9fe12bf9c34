//! Which linker knows every target?

use std::path::PathBuf;

use super::toolchain;
use crate::programs;

/// The linker that comes with rustup, which knows every target, or LLVM's own.
pub fn linker() -> Option<PathBuf> {
    let folders = toolchain::sysroot()?.join("lib/rustlib").read_dir().ok()?;
    let of_rustup = folders.filter_map(|folder| Some(folder.ok()?.path().join("bin/rust-lld")));
    of_rustup.into_iter().find(|linker| linker.is_file()).or_else(|| programs::find("ld.lld"))
}
