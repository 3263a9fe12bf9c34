//! `cargo xtask day`: what does a device need in a day? Builds the library that `benches/day` simulates days with.

use std::process::Command;

use super::{library_m3, page};
use crate::setup::{self, Purpose, pip, venv};
use crate::{Result, places, qemu};

/// Writes docs/day.md, its Chinese page and its picture. With `check`: fails where they are not what is measured.
pub fn run(check: bool) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Board])?;
    pip::ensure()?;
    let mut measure = Command::new(venv::python());
    measure.current_dir(places::root()).arg("benches/day").env("PYTHONPATH", "benches/measure");
    measure.env("LIBRARY_M3", library_m3()?);
    measure.env("QEMU", qemu::emulator()?);
    page::run(measure, check, "a day is not what docs/day.md says: see above; `cargo xtask day` writes the page again")
}
