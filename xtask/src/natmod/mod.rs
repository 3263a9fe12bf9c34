//! Native modules: `cargo xtask natmod <arch>` builds the binding and the library as a package that `mip` installs on
//! firmware without them, in `target/natmod/<arch>/`.

mod arch;
mod linker;
mod mip;
mod package;
mod stock;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lib_job::{self, Recipe};
use crate::micropython::source::{self, Source};
use crate::setup::{self, Purpose, pip, venv};
use crate::{Failure, Result, places, qemu, step, targets};
use arch::{ARCHES, Arch};

/// The package for the architecture of that name; its files will have the address `at`.
pub fn run(arch: &str, at: Option<&str>) -> Result {
    println!("{}", build(arch::named(arch)?, at)?.display());
    Ok(())
}

/// What the jobs here need, ahead of time.
pub fn setup() -> Result {
    setup::ensure(&[Purpose::Board, Purpose::Riscv])?;
    mip::ensure(&folder().join("mip"))?;
    qemu::riscv_emulator().map(drop)
}

/// All packages, and what they are tested on; returns the folder of all that.
pub fn for_tests() -> Result<PathBuf> {
    for arch in &ARCHES {
        build(arch, None)?;
    }
    stock::build(&folder().join("stock"))?;
    mip::ensure(&folder().join("mip"))?;
    Ok(folder())
}

/// The native module for this computer, and the firmware without it that runs it.
pub struct ForComputers {
    pub module: PathBuf,
    pub micropython: PathBuf,
}

pub fn for_computers() -> Result<ForComputers> {
    let (source, folder) = (source::find_or_fetch()?, folder());
    with(&source, &["x64"], &folder)?;
    Ok(ForComputers { module: folder.join("x64"), micropython: folder.join("stock/unix/build/micropython") })
}

/// The packages for these architectures made with another MicroPython, and that MicroPython's unix port without the
/// module, all below `folder` as [`for_tests`] leaves them.
pub fn with(source: &Source, arches: &[&str], folder: &Path) -> Result {
    for name in arches {
        let arch = arch::named(name)?;
        build_with(source, arch, &folder.join(arch.name), None)?;
    }
    stock::unix(source, &folder.join("stock"))
}

/// The package for `arch`; returns its description.
fn build(arch: &Arch, at: Option<&str>) -> Result<PathBuf> {
    tools(arch)?; // Before minutes of fetching, not after.
    build_with(&source::find_or_fetch()?, arch, &folder().join(arch.name), at)
}

fn tools(arch: &Arch) -> Result {
    let purposes: Vec<Purpose> = [Purpose::Build, Purpose::Python].into_iter().chain(arch.tools).collect();
    setup::ensure(&purposes)
}

fn build_with(source: &Source, arch: &Arch, folder: &Path, at: Option<&str>) -> Result<PathBuf> {
    tools(arch)?;
    linker::check(source)?;
    pip::ensure()?;
    // Scripts get its words in their exceptions.
    let recipe = Recipe { pic: true, ..Recipe::of(targets::named(arch.target)?) }.having("words", true);
    let library = lib_job::build(&recipe)?.archive;
    let module = link(arch, source, &library, &folder.join("build"))?;
    package::make(arch, folder, &module, at)
}

fn folder() -> PathBuf {
    places::target().join("natmod")
}

/// Has `micropython/natmod/Makefile` make the module.
fn link(arch: &Arch, source: &Source, library: &Path, build: &Path) -> Result<PathBuf> {
    let (tree, stamp) = (&source.tree, build.join("made-with"));
    let made_with = format!("{} {}", source.version, tree.display());
    // make does not see that another MicroPython is used.
    if std::fs::read_to_string(&stamp).ok().as_ref() != Some(&made_with) && build.exists() {
        std::fs::remove_dir_all(build).map_err(|e| Failure::at("remove", build, e))?;
    }
    std::fs::create_dir_all(build).map_err(|e| Failure::at("make", build, e))?;
    std::fs::write(&stamp, made_with).map_err(|e| Failure::at("write", &stamp, e))?;
    let mut make = Command::new("make");
    make.arg("-C").arg(places::root().join("micropython/natmod"));
    make.arg(format!("ARCH={}", arch.name));
    make.arg(format!("MPY_DIR={}", tree.display()));
    make.arg(format!("ALIYUN_IOT_LIB={}", library.display()));
    make.arg(format!("BUILD={}", build.display()));
    make.arg(format!("PYTHON={}", venv::python().display()));
    let name = arch.name;
    step::run(&format!("building the native module for {name}"), &format!("natmod-{name}"), &mut make)?;
    Ok(build.join(format!("native_{name}.mpy")))
}
