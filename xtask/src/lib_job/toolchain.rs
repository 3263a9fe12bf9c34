//! Which compiler builds for a target, and whose core does it link? The installed toolchain with its own core for the
//! target or with core's source; what it lacks of either, rustup is asked for. Else Debian's compiler and source.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::debian;
use super::recipe::Recipe;
use crate::{Failure, Result, programs, quiet, step, xtensa};

/// Long enough for 50 MB, short enough where rustup's server cannot be reached.
const TO_FETCH: Duration = Duration::from_secs(60);

pub struct Toolchain {
    /// The compiler, if it is not the one that cargo takes by itself.
    pub rustc: Option<PathBuf>,
    /// Whether core is compiled along.
    pub from_source: bool,
    /// The compiler's name and version.
    pub about: String,
}

/// The toolchain for `recipe`, fetched if need be.
pub fn of(recipe: &Recipe) -> Result<Toolchain> {
    let triple = recipe.target.triple;
    if recipe.is_for_xtensa() {
        // The compiler whose output our assembler was tried with.
        let rustc = debian::fetched().map_or_else(debian::fetch, Ok)?;
        xtensa::check_rust(&rustc)?;
        return from_debian(rustc);
    }
    let wants_core = !recipe.wants_source();
    if wants_core && has(|sysroot| has_core(sysroot, triple)) {
        return installed(false);
    }
    if !wants_core && has(has_source) {
        return installed(true);
    }
    if let Some(rustc) = debian::fetched() {
        return from_debian(rustc);
    }
    if wants_core && ask_rustup("rustup-target", &["target", "add", triple]) && has(|sysroot| has_core(sysroot, triple))
    {
        return installed(false);
    }
    if has(has_source) || ask_rustup("rustup-source", &["component", "add", "rust-src"]) && has(has_source) {
        return installed(true);
    }
    let rustc = debian::fetch().map_err(|why| {
        let missing = if wants_core { format!("target add {triple}") } else { "component add rust-src".to_owned() };
        Failure::new(format!("no core for {triple}: type `rustup {missing}`, which failed here; {why}"))
    })?;
    from_debian(rustc)
}

/// Where the installed toolchain lies.
pub fn sysroot() -> Option<PathBuf> {
    let answer = quiet::answer(Command::new(compiler()).args(["--print", "sysroot"]))?;
    Some(PathBuf::from(answer.trim()))
}

fn installed(from_source: bool) -> Result<Toolchain> {
    Ok(Toolchain { rustc: None, from_source, about: version(&compiler())? })
}

fn from_debian(rustc: PathBuf) -> Result<Toolchain> {
    Ok(Toolchain { about: version(&rustc)?, rustc: Some(rustc), from_source: true })
}

/// Whether the installed toolchain has something.
fn has(what: impl Fn(&Path) -> bool) -> bool {
    sysroot().is_some_and(|sysroot| what(&sysroot))
}

/// Whether rustup does what it is asked for. Without a word if not: there are other ways.
fn ask_rustup(log: &str, arguments: &[&str]) -> bool {
    if programs::find("rustup").is_none() {
        return false;
    }
    step::say(&format!("asking rustup: {}", arguments.join(" ")));
    quiet::succeeds(log, Command::new("rustup").args(arguments), TO_FETCH)
}

fn has_core(sysroot: &Path, triple: &str) -> bool {
    let folder = sysroot.join("lib/rustlib").join(triple).join("lib");
    folder.read_dir().is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libcore-")))
    })
}

fn has_source(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml").is_file()
}

/// The compiler that cargo takes by itself.
pub fn compiler() -> PathBuf {
    std::env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from)
}

fn version(rustc: &Path) -> Result<String> {
    let answer = quiet::answer(Command::new(rustc).arg("--version"));
    let words = answer.ok_or_else(|| Failure::at("run", rustc, "it does not tell its version"))?;
    Ok(words.trim().to_owned())
}
