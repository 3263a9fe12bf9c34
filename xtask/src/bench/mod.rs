//! `cargo xtask bench`: what does a message cost, here and elsewhere? Builds what is measured; `benches/measure` measures.

pub mod day;
pub mod laws;
mod page;
mod umqtt;

use std::path::PathBuf;
use std::process::Command;

use crate::lib_job::{self, Recipe};
use crate::setup::{self, Purpose, pip, venv};
use crate::{Failure, Result, cargo, micropython, places, qemu, step, targets};

/// With `check`: counts what is the same in every run, and fails where it is worse than docs/benchmarks.md says.
pub fn run(check: bool) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Cloud, Purpose::Test, Purpose::Board])?;
    pip::ensure()?;
    let mut measure = Command::new(venv::python());
    measure.current_dir(places::root()).arg("benches/measure");
    measure.env("MICROPYTHON", micropython::program(micropython::Purpose::Use)?);
    measure.env("INSTRUCTIONS", instructions()?);
    measure.env("LIBRARY_M3", library_m3()?);
    measure.env("QEMU", qemu::emulator()?);
    if check {
        measure.arg("--check");
    } else {
        setup::ensure(&[Purpose::Bench])?;
        measure.env("LIBRARY", lib_job::static_library()?);
        measure.env("BOARD", qemu::program()?);
        measure.env("UMQTT", umqtt::fetch()?);
        step::say("measuring, for a minute or two; other work on this machine shows in the rates");
    }
    let status = measure.status().map_err(|e| step::cannot_start(&measure, &e))?;
    if status.success() {
        return Ok(());
    }
    let what = if check {
        "a message costs more than docs/benchmarks.md says: see above; `cargo xtask bench` writes the page again"
    } else {
        "the benchmark did not come to its end: see above"
    };
    Err(Failure::new(what))
}

/// The archive for the emulated Cortex-M3, as it is shipped.
fn library_m3() -> Result<PathBuf> {
    Ok(lib_job::build(&Recipe::of(targets::named("thumbv7m-none-eabi")?))?.archive)
}

/// The program of `benches/instructions`.
fn instructions() -> Result<PathBuf> {
    let mut build = cargo::command();
    build.args(["build", "--profile", "instructions", "--package", "instructions"]);
    cargo::built("building what instructions are counted of", "instructions", build, cargo::program)
}
