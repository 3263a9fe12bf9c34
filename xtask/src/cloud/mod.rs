//! The local cloud: how is it run, by a person or by the demo?

mod control;
mod instance;

pub use instance::Instance;

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::setup::{self, Purpose};
use crate::{Result, cargo, step};

/// Runs it, as `cargo xtask cloud …` asks.
pub fn run(arguments: &[String]) -> Result {
    let mut command = Command::new(program()?);
    command.args(arguments);
    let error = command.exec();
    Err(step::cannot_start(&command, &error))
}

/// The launcher, built anew where something has changed.
pub fn program() -> Result<PathBuf> {
    setup::ensure(&[Purpose::Cloud])?;
    cargo::local_cloud()
}
