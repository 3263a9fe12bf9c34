//! Is everything there that a job needs? What is missing is installed.

pub mod npm;
mod packages;
mod tools;
pub mod venv;

pub use packages::refresh as refresh_packages;
pub use tools::Purpose;

use crate::{Result, micropython, natmod, qemu};

/// The job `setup`: what every job needs, ahead of time.
pub fn run() -> Result {
    ensure(&[Purpose::Build, Purpose::Cloud, Purpose::Test, Purpose::Python, Purpose::Cxx])?;
    micropython::source::find_or_fetch()?;
    if micropython::source::no_newest().is_none() {
        micropython::source::newest()?;
    }
    qemu::setup()?;
    natmod::setup()?;
    venv::ensure()?;
    npm::ensure()?;
    println!("Everything that the jobs need is there.");
    Ok(())
}

/// Finds or installs the tools for `purposes`. Takes no time when they are there.
pub fn ensure(purposes: &[Purpose]) -> Result {
    let missing = tools::missing(purposes);
    if missing.is_empty() {
        return Ok(());
    }
    packages::install(&missing)?;
    match tools::missing(purposes).first() {
        None => Ok(()),
        Some(tool) => Err(format!("{} is installed, but not on the PATH", tool.name).into()),
    }
}
