//! What does cargo build, and where does it put it?

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::lib_job::OPT_IN;
use crate::{Failure, Result, places, step};

/// The cargo that runs this program, at work on the repository.
pub fn command() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(places::root());
    // A job that builds for another target names it.
    cargo.env_remove("CARGO_BUILD_TARGET");
    if std::env::var_os("CARGO_TARGET_DIR").is_some() {
        cargo.env("CARGO_TARGET_DIR", places::target());
    }
    cargo
}

/// The library for this machine, with the C ABI and every feature: `libaliyun_iot.a`.
pub fn static_library() -> Result<PathBuf> {
    let mut cargo = command();
    cargo.args(["rustc", "--package", "aliyun-iot", "--release", "--lib"]);
    cargo.args(["--crate-type", "staticlib"]);
    cargo.args(["--features", &["ffi", "panic-handler"].into_iter().chain(OPT_IN).collect::<Vec<_>>().join(",")]);
    built("building the Rust library", "rust-library", cargo, |artifact| {
        files(artifact).into_iter().find(|file| file.extension().is_some_and(|e| e == "a"))
    })
}

/// The local cloud's launcher; its broker plugin is built with it and lies beside it.
pub fn local_cloud() -> Result<PathBuf> {
    let mut cargo = command();
    cargo.args(["build", "--package", "local-cloud"]);
    built("building the local cloud", "local-cloud", cargo, |artifact| {
        let program = PathBuf::from(artifact["executable"].as_str()?);
        (program.file_stem()? == "local-cloud").then_some(program)
    })
}

/// The program of `benches/instructions`.
pub fn instructions() -> Result<PathBuf> {
    let mut cargo = command();
    cargo.args(["build", "--profile", "instructions", "--package", "instructions"]);
    built("building what instructions are counted of", "instructions", cargo, |artifact| {
        artifact["executable"].as_str().map(PathBuf::from)
    })
}

/// Runs `cargo` and gives back what `pick` finds in the list of what was built.
fn built(title: &str, name: &str, mut cargo: Command, pick: impl Fn(&Value) -> Option<PathBuf>) -> Result<PathBuf> {
    cargo.args(["--message-format", "json-render-diagnostics"]);
    let messages = step::output(title, name, &mut cargo)?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|artifact| pick(&artifact))
        .last()
        .ok_or_else(|| Failure::new(format!("{title}: cargo did not say where it put the result")))
}

fn files(artifact: &Value) -> Vec<PathBuf> {
    let names = artifact["filenames"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).map(PathBuf::from).collect()
}
