//! A page with figures: a program in Python measures, and writes the page or compares it.

use std::process::Command;

use crate::{Failure, Result, step};

/// Runs `measure`, to its end if it writes the page. With `check` it compares the page; `stale` is the failure then.
pub fn run(mut measure: Command, check: bool, stale: &str) -> Result {
    if check {
        measure.arg("--check");
    }
    let status = measure.status().map_err(|e| step::cannot_start(&measure, &e))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(if check { stale } else { "not everything was measured: see above" }))
}
