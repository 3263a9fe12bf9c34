//! What does the binding look like? The package `bindings` makes the generated files; it is a program of its own, since
//! cbindgen takes longer to build than everything else here.

use crate::{Result, cargo, step};

/// Regenerates the generated files; with `check`, fails where one of them differs instead.
pub fn run(check: bool) -> Result {
    let mut make = cargo::command();
    make.args(["run", "--quiet", "--package", "bindings", "--"]);
    if check {
        make.arg("--check");
    }
    step::run(if check { "checking the generated files" } else { "making the generated files" }, "bindings", &mut make)
}
