//! `cargo xtask laws`: how does a cost grow? Builds what is measured; `benches/measure/laws.py` measures.

use std::process::Command;

use super::{instructions, library_m3, page};
use crate::setup::{self, Purpose, pip, venv};
use crate::{Result, lib_job, places, qemu};

/// With `check`: counts, and fails where a cost grows faster than docs/laws.md says.
pub fn run(check: bool) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Test, Purpose::Board])?;
    pip::ensure()?;
    let mut measure = Command::new(venv::python());
    measure.current_dir(places::root()).arg("benches/measure/laws.py");
    measure.env("INSTRUCTIONS", instructions()?);
    measure.env("LIBRARY", lib_job::static_library()?);
    measure.env("LIBRARY_M3", library_m3()?);
    measure.env("QEMU", qemu::emulator()?);
    page::run(
        measure,
        check,
        "a cost grows faster than docs/laws.md says: see above; `cargo xtask laws` writes the page again",
    )
}
