//! On which firmware are native modules tried? On MicroPython's unix port as upstream builds it, on the emulated boards
//! with a network and without the module, and on its qemu port for RISC-V as it is. On one of each once more, built to
//! handle exceptions by setjmp.

use std::path::{Path, PathBuf};

use crate::micropython::make::{Build, Contents, set};
use crate::micropython::source::{self, Source};
use crate::setup::{self, Purpose};
use crate::{Result, places, qemu};

/// Builds all of them, below `folder`.
pub fn build(folder: &Path) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Board, Purpose::Riscv])?;
    let source = source::find_or_fetch()?;
    qemu::without_module(&source, folder)?;
    // Upstream links no C library on Arm.
    let settings = [BY_SETJMP, "LIBS=$(filter -m%, $(CFLAGS)) -lc -lgcc"];
    qemu::without_module_by(&settings, &source, "MPS2_AN386", &folder.join("MPS2_AN386-setjmp"))?;
    unix(&source, folder)?;
    unix_like_esp32(&source, folder)?;
    unix_by(&[BY_SETJMP], &source, folder.join("unix-setjmp"))?;
    for (name, settings) in [("VIRT_RV32", &[][..]), ("VIRT_RV32-setjmp", &[BY_SETJMP])] {
        let folder = folder.join(name);
        let firmware = riscv_by(settings, &source, folder.clone())?;
        qemu::bare_program("virt", &folder, &firmware)?;
    }
    Ok(())
}

/// What has the C library save the registers that an exception restores, in the place of MicroPython's own code.
const BY_SETJMP: &str = "CFLAGS_EXTRA=-DMICROPY_NLR_SETJMP=1 -Wno-clobbered";

/// The standard variant, but for what takes a library of the system.
pub fn unix(source: &Source, folder: &Path) -> Result {
    unix_by(&[], source, folder.join("unix"))
}

fn unix_by(settings: &[&str], source: &Source, folder: PathBuf) -> Result {
    let manifest = places::root().join("ports/unix/variant/manifest.py");
    Build {
        source,
        port: "unix",
        folder,
        settings: with(
            settings,
            [
                "VARIANT=standard".to_owned(),
                "MICROPY_PY_FFI=0".to_owned(),
                "MICROPY_PY_BTREE=0".to_owned(),
                set("FROZEN_MANIFEST", &manifest),
                set("MPY_LIB_DIR", &source.tree),
            ],
        ),
        not_followed: Vec::new(),
        contents: Contents::Nothing,
        product: "micropython",
        title: title(source, "unix port, as upstream has it", settings),
    }
    .run()
    .map(drop)
}

fn riscv_by(settings: &[&str], source: &Source, folder: PathBuf) -> Result<PathBuf> {
    Build {
        source,
        port: "qemu",
        folder,
        settings: with(
            settings,
            [
                "BOARD=VIRT_RV32".to_owned(),
                "FROZEN_MANIFEST=".to_owned(),
                // Upstream's 140 KiB are too few for a device beside the module, which takes over 100 kB in one piece.
                "MICROPY_HEAP_SIZE=196608".to_owned(),
                // The C library that comes with Debian's compiler does not know of the instructions by their newer name.
                "RV32_ARCH=rv32imac".to_owned(),
                "CC=riscv64-unknown-elf-gcc -misa-spec=2.2".to_owned(),
                "AS=riscv64-unknown-elf-as -misa-spec=2.2".to_owned(),
            ],
        ),
        not_followed: Vec::new(),
        contents: Contents::Nothing,
        product: "firmware.elf",
        title: title(source, "qemu port, VIRT_RV32", settings),
    }
    .run()
}

fn with<const N: usize>(more: &[&str], settings: [String; N]) -> Vec<String> {
    settings.into_iter().chain(more.iter().map(|&setting| setting.to_owned())).collect()
}

fn title(source: &Source, what: &str, settings: &[&str]) -> String {
    let by = if settings.contains(&BY_SETJMP) { ", setjmp" } else { "" };
    format!("building MicroPython {} ({what}{by})", source.version)
}

/// With what ESP32's port has of threads: see the variant.
fn unix_like_esp32(source: &Source, folder: &Path) -> Result {
    let variant = places::root().join("tests/natmod/variant");
    Build {
        source,
        port: "unix",
        folder: folder.join("unix-esp32"),
        settings: vec![set("VARIANT_DIR", &variant), "VARIANT=threads".to_owned()],
        not_followed: vec![variant.join("mpconfigvariant.mk")],
        contents: Contents::Nothing,
        product: "micropython",
        title: format!("building MicroPython {} (unix port, with threads as ESP32 has them)", source.version),
    }
    .run()
    .map(drop)
}
