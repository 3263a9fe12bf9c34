//! The job `setup`: what every job needs, ahead of time.

use crate::setup::{self, Purpose, npm, pip};
use crate::{Result, micropython, natmod, qemu};

pub fn run() -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Cloud, Purpose::Test, Purpose::Python, Purpose::Cxx])?;
    micropython::source::find_or_fetch()?;
    if micropython::source::no_newest().is_none() {
        micropython::source::newest()?;
    }
    qemu::setup()?;
    natmod::setup()?;
    pip::ensure()?;
    npm::ensure()?;
    println!("Everything that the jobs need is there.");
    Ok(())
}
