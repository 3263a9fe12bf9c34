//! On which firmware are native modules tried? On MicroPython's unix port as upstream builds it, on the emulated boards
//! with a network and without the module, and on its qemu port for RISC-V as it is.

use std::path::{Path, PathBuf};

use crate::micropython::make::{Build, Contents, set};
use crate::micropython::source::{self, Source};
use crate::setup::{self, Purpose};
use crate::{Result, places, qemu};

/// Builds all of them, below `folder`.
pub fn build(folder: &Path) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Board, Purpose::Riscv])?;
    let source = source::find_or_fetch()?;
    unix(&source, folder)?;
    qemu::without_module(folder)?;
    let firmware = riscv(&source, folder)?;
    qemu::bare_program("virt", &folder.join("VIRT_RV32"), &firmware).map(drop)
}

/// The standard variant, but for what takes a library of the system.
pub fn unix(source: &Source, folder: &Path) -> Result {
    let manifest = places::root().join("ports/unix/variant/manifest.py");
    Build {
        source,
        port: "unix",
        folder: folder.join("unix"),
        settings: vec![
            "VARIANT=standard".to_owned(),
            "MICROPY_PY_FFI=0".to_owned(),
            "MICROPY_PY_BTREE=0".to_owned(),
            set("FROZEN_MANIFEST", &manifest),
            set("MPY_LIB_DIR", &source.tree),
        ],
        not_followed: Vec::new(),
        contents: Contents::Nothing,
        product: "micropython",
        title: format!("building MicroPython {} (unix port, as upstream has it)", source.version),
    }
    .run()
    .map(drop)
}

fn riscv(source: &Source, folder: &Path) -> Result<PathBuf> {
    Build {
        source,
        port: "qemu",
        folder: folder.join("VIRT_RV32"),
        settings: vec![
            "BOARD=VIRT_RV32".to_owned(),
            "FROZEN_MANIFEST=".to_owned(),
            // Upstream's 140 KiB are too few for a device beside the module, which takes over 100 kB in one piece.
            "MICROPY_HEAP_SIZE=196608".to_owned(),
            // The C library that comes with Debian's compiler does not know of the instructions by their newer name.
            "RV32_ARCH=rv32imac".to_owned(),
            "CC=riscv64-unknown-elf-gcc -misa-spec=2.2".to_owned(),
            "AS=riscv64-unknown-elf-as -misa-spec=2.2".to_owned(),
        ],
        not_followed: Vec::new(),
        contents: Contents::Nothing,
        product: "firmware.elf",
        title: format!("building MicroPython {} (qemu port, VIRT_RV32)", source.version),
    }
    .run()
}
