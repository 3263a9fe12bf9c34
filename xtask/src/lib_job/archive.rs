//! How is the library built, and where does it land?

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::recipe::Recipe;
use super::toolchain::{self, Toolchain};
use super::{frame_pointers, outside};
use crate::{Failure, Result, cargo, places, step, xtensa};

const NAME: &str = "libaliyun_iot.a";
const HEADER: &str = "aliyun_iot.h";

pub struct Library {
    /// `libaliyun_iot.a`; the header lies beside it.
    pub archive: PathBuf,
    /// Who compiled it.
    pub compiler: String,
    /// Whether core was compiled along.
    pub core_from_source: bool,
    /// With [`Recipe::measured`]: what the compiler said of its types.
    pub types: String,
}

/// Builds the library; where nothing has changed, its files stay as they are.
pub fn build(recipe: &Recipe) -> Result<Library> {
    let toolchain = toolchain::of(recipe)?;
    let triple = recipe.target.triple;
    let title = format!("building the library for {triple}");
    outside::tell();
    let work = work(recipe);
    let mut flags = Vec::new();
    if frame_pointers::are_left_out(recipe) {
        let first = work.join("first");
        let mut cargo = command(recipe, &toolchain, &first, &flags);
        step::run(&title, &format!("lib-{triple}-first"), &mut cargo)?;
        flags.push(frame_pointers::flag(&made(&first, recipe), &first)?);
    }
    if recipe.measured {
        // What is up to date would not be compiled, and nothing would be said.
        let mut clean = cargo::command();
        clean.args(["clean", "--quiet", "--profile", recipe.profile(), "--package", "aliyun-iot", "--target", triple]);
        clean.arg("--target-dir").arg(&work);
        step::run(&title, "lib-clean", &mut clean)?;
    }
    if recipe.is_for_xtensa() {
        flags.push(format!("--emit=asm={}", assembly(&work).display()));
    }
    let types = step::output(&title, &format!("lib-{triple}"), &mut command(recipe, &toolchain, &work, &flags))?;
    let mut made = made(&work, recipe);
    if recipe.is_for_xtensa() {
        made = xtensa::archive(&made, &assembly(&work), recipe.pic)?;
    }

    let folder = place(recipe);
    fs::create_dir_all(&folder).map_err(|e| Failure::at("make", &folder, e))?;
    let archive = folder.join(NAME);
    copy(&made, &archive)?;
    copy(&places::root().join("include").join(HEADER), &folder.join(HEADER))?;
    Ok(Library { archive, compiler: toolchain.about, core_from_source: toolchain.from_source, types })
}

/// Where cargo has put the archive, working in `work`.
fn made(work: &Path, recipe: &Recipe) -> PathBuf {
    work.join(recipe.target.triple).join(recipe.profile()).join(NAME)
}

/// Where the compiler writes the assembly that our assembler takes.
fn assembly(work: &Path) -> PathBuf {
    work.join("library.s")
}

/// Compiles in `work`, the library itself with `flags` beside those of the recipe.
fn command(recipe: &Recipe, toolchain: &Toolchain, work: &Path, flags: &[String]) -> Command {
    let mut cargo = cargo::command();
    outside::keep_out(&mut cargo, recipe.profile());
    cargo.args(["rustc", "--locked", "--quiet", "--package", "aliyun-iot", "--lib", "--profile", recipe.profile()]);
    cargo.args(["--crate-type", "staticlib", "--target"]).arg(recipe.target.for_cargo());
    if recipe.target.described.is_some() {
        cargo.arg("-Zjson-target-spec");
    }
    cargo.args(["--no-default-features", "--features", &recipe.features()]);
    cargo.arg("--target-dir").arg(work);
    if toolchain.from_source {
        cargo.arg("-Zbuild-std=core");
    }
    if toolchain.from_source && (recipe.target.hosted || recipe.pic && recipe.is_for_xtensa()) {
        // There is a C library, but not for a native module.
        cargo.arg("-Zbuild-std-features=compiler-builtins-mem");
    }
    cargo.arg("--").args(flags);
    if recipe.measured {
        cargo.args(["-Zprint-type-sizes", "-Zemit-stack-sizes"]);
    }
    if toolchain.from_source || recipe.is_unstable() {
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    if let Some(rustc) = &toolchain.rustc {
        cargo.env("RUSTC", rustc);
    }
    // Set even where there are none: those of a configuration file are not looked at then.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", recipe.rustflags().join("\x1f"));
    cargo
}

/// Where cargo works: for each configuration elsewhere, so that none sees what another has left.
fn work(recipe: &Recipe) -> PathBuf {
    let folder = places::target().join("lib/cargo");
    if recipe.measured {
        return folder.join("measured");
    }
    let options = recipe.options().join("-");
    // A file system's name has 255 bytes, and the compiler's temporary folders have longer names than this one.
    let options = if options.len() > 120 { format!("{:016x}", hash(&options)) } else { options };
    let triple = recipe.target.triple;
    folder.join(if options.is_empty() { triple.to_owned() } else { format!("{triple}-{options}") })
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Where the files land: what differs from the usual has a folder of its own, with a name that says how.
fn place(recipe: &Recipe) -> PathBuf {
    let folder = places::target().join("lib");
    if recipe.measured {
        return folder.join("measured");
    }
    let (folder, options) = (folder.join(recipe.target.triple), recipe.options().join("-"));
    if options.is_empty() { folder } else { folder.join(options) }
}

/// Copies `from`, unless `to` is the same already: whatever was made with `to` would be made again.
fn copy(from: &Path, to: &Path) -> Result {
    let now = fs::read(from).map_err(|e| Failure::at("read", from, e))?;
    if fs::read(to).is_ok_and(|before| before == now) {
        return Ok(());
    }
    fs::write(to, now).map_err(|e| Failure::at("write", to, e))
}
