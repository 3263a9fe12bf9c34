//! `cargo xtask bench`: what does a message cost, here and elsewhere? Builds what is measured; `benches/measure` measures.

pub mod day;
pub mod laws;
mod page;
mod peers;

use std::path::PathBuf;
use std::process::Command;

use crate::arguments::Benchmark;
use crate::lib_job::{self, Recipe};
use crate::setup::{self, Purpose, pip, venv};
use crate::{Failure, Result, cargo, micropython, natmod, places, qemu, step, targets};

pub fn run(asked: Benchmark) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Cloud, Purpose::Test, Purpose::Board])?;
    pip::ensure()?;
    let mut measure = Command::new(venv::python());
    measure.current_dir(places::root()).arg("benches/measure");
    measure.env("MICROPYTHON", micropython::program(micropython::Purpose::Use)?);
    measure.env("LIBRARY", lib_job::static_library()?);
    if asked != Benchmark::Compare {
        measure.env("INSTRUCTIONS", instructions()?);
        measure.env("LIBRARY_M3", library_m3()?);
        measure.env("QEMU", qemu::emulator()?);
    }
    if asked != Benchmark::Check {
        with_peers(&mut measure)?;
        step::say("measuring, for a quarter of an hour");
    }
    let what = match asked {
        Benchmark::Write => {
            measure.env("BOARD", qemu::program()?);
            "the benchmark did not come to its end: see above"
        }
        Benchmark::Check => {
            measure.arg("--check");
            "a message costs more than docs/benchmarks.md says: see above; `cargo xtask bench` writes the page again"
        }
        Benchmark::Compare => {
            measure.arg("--compare");
            "a ratio differs from docs/benchmarks.md by more than its spread there: see above"
        }
    };
    let status = measure.status().map_err(|e| step::cannot_start(&measure, &e))?;
    if status.success() { Ok(()) } else { Err(Failure::new(what)) }
}

/// The clients that this library is measured beside, and the native module.
fn with_peers(measure: &mut Command) -> Result {
    setup::ensure(&[Purpose::Bench])?;
    let natmod = natmod::for_computers()?;
    measure.env("NATMOD", natmod.module).env("STOCK_MICROPYTHON", natmod.micropython);
    measure.env("UMQTT", peers::umqtt()?).env("MQTT_ASYNC", peers::mqtt_async()?);
    measure.env("COREMQTT", peers::coremqtt::fetch()?).env("COREMQTT_VERSION", peers::coremqtt::VERSION);
    Ok(())
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
