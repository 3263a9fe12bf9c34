//! The unix MicroPython with `aliyunIoT` built in: where is it, and how is it run?

mod build;
pub mod debian;
pub mod git;
pub mod make;
pub mod source;
mod version;

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

pub use build::Purpose;

use crate::families::Family;
use crate::setup;
use crate::{Result, lib_job, places, step};

/// Runs it with these words, or prints its path. Scripts find the modules of `family`.
pub fn run(sanitized: bool, family: Option<&Family>, print_path: bool, words: &[OsString]) -> Result {
    let program = program(if sanitized { Purpose::Sanitized } else { Purpose::Use })?;
    if print_path {
        println!("{}", program.display());
        return Ok(());
    }
    let mut command = Command::new(program);
    command.args(words);
    if let Some(family) = family {
        let binding = places::root().join("micropython");
        let folders = family.path.iter().map(|folder| binding.join(folder));
        // The examples import `credentials` from the folder above.
        let folders = folders.chain([places::root().join("examples")]);
        let path: Vec<String> = folders.map(|folder| folder.display().to_string()).collect();
        command.env("MICROPYPATH", format!(".frozen:{}", path.join(":")));
    }
    let error = command.exec();
    Err(step::cannot_start(&command, &error))
}

/// The program, built again where something has changed.
pub fn program(purpose: Purpose) -> Result<PathBuf> {
    setup::ensure(&[setup::Purpose::Build])?;
    let source = if purpose == Purpose::Newest { source::newest()? } else { source::find_or_fetch()? };
    let library = lib_job::static_library()?;
    build::unix(&source, &library, purpose)
}
