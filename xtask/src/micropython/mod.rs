//! The unix MicroPython with `aliyunIoT` built in: where is it, and how is it run?

mod build;
pub mod debian;
pub mod git;
pub mod make;
pub mod source;
mod version;

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::setup::{self, Purpose};
use crate::{Result, cargo, step};

/// Runs it, as `cargo xtask micropython …` asks.
pub fn run(arguments: &[String]) -> Result {
    let mut command = Command::new(program()?);
    command.args(arguments);
    let error = command.exec();
    Err(step::cannot_start(&command, &error))
}

pub fn print_path() -> Result {
    println!("{}", program()?.display());
    Ok(())
}

/// The program, built anew where something has changed.
pub fn program() -> Result<PathBuf> {
    setup::ensure(&[Purpose::Build])?;
    let library = cargo::static_library()?;
    let source = source::find_or_fetch()?;
    build::unix(&source, &library)
}
