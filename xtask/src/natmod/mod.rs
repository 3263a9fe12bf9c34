//! Native modules: `cargo xtask natmod <arch>` builds the binding and the library as a package that `mip` installs on
//! firmware without them, in `target/natmod/<arch>/`.

mod arch;
mod linker;
mod mip;
mod package;
mod stock;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arguments::{NativeModule, Parts};
use crate::lib_job::{self, Recipe};
use crate::micropython::make;
use crate::micropython::source::{self, Source};
use crate::setup::{self, Purpose, pip, venv};
use crate::{Failure, Result, places, qemu, step, targets, xtensa};
use arch::{ARCHES, Arch};
pub use package::describe;

/// One native module.
struct Module {
    arch: &'static Arch,
    parts: Parts,
    recipe: Recipe,
}

impl Module {
    /// As suits most boards of the architecture.
    fn of(arch: &'static Arch) -> Result<Self> {
        // Scripts get its words in their exceptions.
        let recipe = Recipe { pic: true, ..Recipe::of(targets::named(arch.target)?) }.having("words", true);
        Ok(Module { arch, parts: arch.parts, recipe })
    }

    /// The architecture, and how this differs from the usual: its folder.
    fn name(&self) -> Result<String> {
        let usual = Module::of(self.arch)?;
        let parts = match self.parts {
            parts if parts == usual.parts => None,
            Parts::Whole => Some("whole".to_owned()),
            Parts::Split => Some("split".to_owned()),
        };
        let features = lib_job::FEATURES.iter().filter_map(|feature| {
            match (self.recipe.features.contains(feature), usual.recipe.features.contains(feature)) {
                (true, false) => Some(format!("with-{feature}")),
                (false, true) => Some(format!("without-{feature}")),
                _ => None,
            }
        });
        Ok([self.arch.name.to_owned()].into_iter().chain(parts).chain(features).collect::<Vec<_>>().join("-"))
    }
}

/// The package that the command line asks for.
pub fn run(asked: &NativeModule) -> Result {
    let usual = Module::of(arch::named(&asked.arch)?)?;
    let module = Module {
        parts: asked.parts.unwrap_or(usual.parts),
        recipe: lib_job::having(usual.recipe, &asked.features)?,
        ..usual
    };
    println!("{}", build(&module, asked.url.as_deref())?.display());
    Ok(())
}

/// A package of a release.
pub struct Package {
    /// Its description; the files that this names lie beside it.
    pub description: PathBuf,
    /// How its library is compiled.
    pub recipe: Recipe,
}

/// The names of the packages of a release: one for each architecture; and where that is split, one with a whole module.
pub fn names() -> Result<Vec<String>> {
    for_release()?.iter().map(Module::name).collect()
}

/// The package of that name, whose files will have the address `at`.
pub fn package(name: &str, at: Option<&str>) -> Result<Package> {
    for module in for_release()? {
        if module.name()? == name {
            return Ok(Package { description: build(&module, at)?, recipe: module.recipe });
        }
    }
    Err(Failure::new(format!("a release has no package `{name}`")))
}

fn for_release() -> Result<Vec<Module>> {
    let mut modules = Vec::new();
    for arch in &ARCHES {
        let usual = Module::of(arch)?;
        let whole = Module { parts: Parts::Whole, ..Module::of(arch)? };
        let also = usual.parts == Parts::Split;
        modules.extend([usual].into_iter().chain(also.then_some(whole)));
    }
    Ok(modules)
}

/// What the jobs here need, ahead of time.
pub fn setup() -> Result {
    setup::ensure(&[Purpose::Board, Purpose::Riscv])?;
    xtensa::tools()?;
    mip::ensure(&folder().join("mip"))?;
    qemu::riscv_emulator().map(drop)
}

/// The services that the binding can leave out as well.
const SERVICES: [&str; 6] = ["call", "desired", "ntp", "raw", "register", "upload"];

/// The clouds that the binding leaves out as well if the library does not have them.
const CLOUDS: [&str; 7] = ["baidu", "huawei", "onenet", "plain", "tencent", "tlink", "tuya"];

/// What boards with more memory take of an architecture whose package is split; a split module that has a network here; and
/// a module with every service and every cloud left out that can be.
fn also_tested() -> Result<Vec<Module>> {
    let module = |name: &str| Module::of(arch::named(name)?);
    let least =
        SERVICES.into_iter().chain(CLOUDS).fold(module("x64")?.recipe, |recipe, service| recipe.having(service, false));
    Ok(vec![
        Module { parts: Parts::Whole, ..module("rv32imc")? },
        Module { parts: Parts::Whole, ..module("xtensawin")? },
        Module { parts: Parts::Split, ..module("x64")? },
        Module { recipe: least, ..module("x64")? },
    ])
}

/// All packages, and what they are tested on; returns the folder of all that.
pub fn for_tests() -> Result<PathBuf> {
    for arch in &ARCHES {
        build(&Module::of(arch)?, None)?;
    }
    for module in also_tested()? {
        build(&module, None)?;
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

/// The package for the emulated Xtensa board, and the program that runs scripts on its firmware.
pub fn for_xtensa() -> Result<qemu::WithPackage> {
    let (module, source, folder) = (Module::of(arch::named("xtensawin")?)?, source::find_or_fetch()?, folder());
    build(&module, None)?;
    let program = qemu::xtensa_without_module(&source, &folder.join("stock"))?;
    Ok(qemu::WithPackage { package: folder.join(module.name()?), program })
}

/// The packages for these architectures made with another MicroPython, and that MicroPython's unix port without the
/// module, all below `folder` as [`for_tests`] leaves them.
pub fn with(source: &Source, arches: &[&str], folder: &Path) -> Result {
    for name in arches {
        let module = Module::of(arch::named(name)?)?;
        build_with(source, &module, &folder.join(name), None)?;
    }
    stock::unix(source, &folder.join("stock"))
}

/// The package with the module; returns its description.
fn build(module: &Module, at: Option<&str>) -> Result<PathBuf> {
    tools(module.arch)?; // Before minutes of fetching, not after.
    build_with(&source::find_or_fetch()?, module, &folder().join(module.name()?), at)
}

/// Returns how the paths of the compiler and its tools begin, where MicroPython does not know that.
fn tools(arch: &Arch) -> Result<Option<String>> {
    let purposes: Vec<Purpose> = [Purpose::Build, Purpose::Python].into_iter().chain(arch.tools).collect();
    setup::ensure(&purposes)?;
    if arch.target == targets::XTENSA.triple { Ok(Some(xtensa::tools()?.prefix())) } else { Ok(None) }
}

fn build_with(source: &Source, module: &Module, folder: &Path, at: Option<&str>) -> Result<PathBuf> {
    let cross = tools(module.arch)?;
    linker::check(source)?;
    pip::ensure()?;
    let library = lib_job::build(&module.recipe)?.archive;
    let build = folder.join("build");
    let mut files = link(module, cross.as_deref(), source, &library, &build)?;
    for name in BYTECODE {
        let from = places::root().join("micropython/natmod/package").join(name).with_extension("py");
        files.push(bytecode(source, &format!("aliyunIoT/{name}.py"), &from, &build)?);
    }
    let online = bytecode(source, "online.py", &places::root().join("examples/online.py"), &build)?;
    package::make(folder, &files, &online, at)
}

/// What the package does before its native module is loaded.
const BYTECODE: [&str; 2] = ["__init__", "check"];

/// A Python file of the package, compiled, which tracebacks call `name`: what the compiler leaves divides a small heap.
fn bytecode(source: &Source, name: &str, from: &Path, build: &Path) -> Result<PathBuf> {
    let to = build.join(from.file_name().unwrap_or_default()).with_extension("mpy");
    let mut compile = Command::new(make::compiler(source)?);
    compile.arg("-s").arg(name).arg("-o").arg(&to).arg(from);
    step::run("compiling the package's Python files", "natmod-bytecode", &mut compile)?;
    Ok(to)
}

/// A Python file, compiled for any board, which tracebacks call `name`.
pub fn compiled(name: &str, from: &Path) -> Result<PathBuf> {
    setup::ensure(&[Purpose::Build, Purpose::Python])?;
    let build = folder().join("python");
    std::fs::create_dir_all(&build).map_err(|e| Failure::at("make", &build, e))?;
    bytecode(&source::find_or_fetch()?, name, from, &build)
}

fn folder() -> PathBuf {
    places::target().join("natmod")
}

/// Has `micropython/natmod/Makefile` make the module's files.
fn link(module: &Module, cross: Option<&str>, source: &Source, library: &Path, build: &Path) -> Result<Vec<PathBuf>> {
    let (tree, stamp) = (&source.tree, build.join("made-with"));
    let without: Vec<&str> =
        SERVICES.into_iter().chain(CLOUDS).filter(|one| !module.recipe.features.contains(one)).collect();
    let made_with = format!("{} {} without {}", source.version, tree.display(), without.join(" "));
    // make does not see that another MicroPython is used, or that other services or clouds are left out.
    if std::fs::read_to_string(&stamp).ok().as_ref() != Some(&made_with) && build.exists() {
        std::fs::remove_dir_all(build).map_err(|e| Failure::at("remove", build, e))?;
    }
    std::fs::create_dir_all(build).map_err(|e| Failure::at("make", build, e))?;
    std::fs::write(&stamp, made_with).map_err(|e| Failure::at("write", &stamp, e))?;
    let (arch, name) = (module.arch.name, module.name()?);
    let native = format!("native_{arch}.mpy");
    // What make makes at a time, and of it the package's files.
    let parts = match module.parts {
        Parts::Whole => vec![("whole", vec![native])],
        Parts::Split => vec![("core", vec![format!("core_{arch}.mpy")]), ("native", vec![native, "roots.bin".into()])],
    };
    let mut files = Vec::new();
    for (part, made) in parts {
        let build = build.join(part);
        let mut make = Command::new("make");
        make.arg("-C").arg(places::root().join("micropython/natmod"));
        make.arg(format!("ARCH={arch}")).arg(format!("PART={part}"));
        make.arg(format!("MPY_DIR={}", tree.display()));
        make.arg(format!("ALIYUN_IOT_LIB={}", library.display()));
        make.arg(format!("BUILD={}", build.display()));
        make.arg(format!("PYTHON={}", venv::python().display()));
        make.arg(format!("WITHOUT={}", without.join(" ")));
        make.args(cross.map(|cross| format!("CROSS={cross}")));
        let title = format!("building the native module for {arch} ({part})");
        step::run(&title, &format!("natmod-{name}-{part}"), &mut make)?;
        files.extend(made.iter().map(|file| build.join(file)));
    }
    Ok(files)
}
