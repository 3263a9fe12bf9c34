//! The local cloud: how is it run, by a person or by the demo?

mod control;
mod instance;

pub use instance::{About, Instance};

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::{self, Purpose};
use crate::{Failure, Result, cargo, places, step};

/// Runs it with these words for its launcher. Its files lie in `folder`, or in the same one from wherever it is started.
pub fn run(folder: Option<PathBuf>, words: &[OsString]) -> Result {
    let mut command = Command::new(program()?);
    let folder = folder.unwrap_or_else(usual_folder);
    note(&folder)?;
    command.args(words).arg("--dir").arg(folder);
    let error = command.exec();
    Err(step::cannot_start(&command, &error))
}

/// The cloud that a person has running, if there is one: of a late `cargo xtask cloud`, or one with the usual files.
pub fn running() -> Option<About> {
    late_folders().into_iter().chain([usual_folder()]).find_map(|folder| About::running(&folder))
}

/// How many folders are looked through.
const LATE: usize = 8;

/// Puts this folder first among those that clouds had. The one before may belong to a cloud that runs.
fn note(folder: &Path) -> Result {
    let others = late_folders().into_iter().filter(|other| other != folder).take(LATE - 1);
    let lines: String =
        [folder.to_owned()].into_iter().chain(others).map(|path| format!("{}\n", path.display())).collect();
    fs::write(noted(), lines).map_err(|e| Failure::at("write", &noted(), e))
}

fn late_folders() -> Vec<PathBuf> {
    fs::read_to_string(noted()).unwrap_or_default().lines().map(PathBuf::from).collect()
}

fn usual_folder() -> PathBuf {
    places::target().join("local-cloud")
}

/// The list of those folders.
fn noted() -> PathBuf {
    places::target().join("clouds.txt")
}

/// The launcher, built again where something has changed.
pub fn program() -> Result<PathBuf> {
    setup::ensure(&[Purpose::Cloud])?;
    let mut build = cargo::command();
    build.args(["build", "--package", "local-cloud"]);
    // Its broker plugin is built with it and lies beside it.
    cargo::built("building the local cloud", "local-cloud", build, |artifact| {
        cargo::program(artifact).filter(|program| program.file_stem().is_some_and(|name| name == "local-cloud"))
    })
}
