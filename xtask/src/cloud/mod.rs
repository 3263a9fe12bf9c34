//! The local cloud: how is it run, by a person or by the demo?

mod control;
mod instance;

pub use instance::{About, Instance};

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::setup::{self, Purpose};
use crate::{Result, cargo, places, step};

/// Runs it, as `cargo xtask cloud …` asks; with the same files from whatever folder it is asked, if that names none.
pub fn run(arguments: &[String]) -> Result {
    let mut command = Command::new(program()?);
    command.arg("--dir").arg(folder()).args(arguments);
    let error = command.exec();
    Err(step::cannot_start(&command, &error))
}

/// The cloud that a person has running, if there is one: `cargo xtask cloud` with its usual files.
pub fn running() -> Option<About> {
    About::running(&folder())
}

fn folder() -> PathBuf {
    places::target().join("local-cloud")
}

/// The launcher, built anew where something has changed.
pub fn program() -> Result<PathBuf> {
    setup::ensure(&[Purpose::Cloud])?;
    cargo::local_cloud()
}
