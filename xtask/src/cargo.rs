//! What does cargo build, and where does it put it?

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

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

/// Runs `cargo` and gives back what `pick` finds in the list of what was built.
pub fn built(title: &str, name: &str, mut cargo: Command, pick: impl Fn(&Value) -> Option<PathBuf>) -> Result<PathBuf> {
    cargo.args(["--message-format", "json-render-diagnostics"]);
    let messages = step::output(title, name, &mut cargo)?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|artifact| pick(&artifact))
        .last()
        .ok_or_else(|| Failure::new(format!("{title}: cargo did not say where it put the result")))
}

/// The files of what was built.
pub fn files(artifact: &Value) -> Vec<PathBuf> {
    let names = artifact["filenames"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).map(PathBuf::from).collect()
}

/// The program that was built.
pub fn program(artifact: &Value) -> Option<PathBuf> {
    artifact["executable"].as_str().map(PathBuf::from)
}
