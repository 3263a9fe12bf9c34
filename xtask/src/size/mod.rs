//! `cargo xtask size`: what does the library take, in flash and in memory? Measured, and written to `docs/size.md`.

mod budget;
mod builds;
mod compare;
mod compiler;
mod image;
mod link;
mod page;
mod panics;
mod table;

use std::fs;

use crate::setup::{self, Purpose};
use crate::{Failure, Result, places};
use compiler::Compiler;

/// Writes the table; with `check`, fails where the table is stale instead. In either case it fails if the library for a
/// bare-metal target can panic, or is over its budget.
pub fn run(check: bool) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Size])?;
    let file = places::root().join("docs/size.md");
    if check {
        let kept = fs::read_to_string(&file).map_err(|e| Failure::at("read", &file, e))?;
        let measured = builds::measured_for_check()?;
        let now = table::of(&measured);
        println!("{}", builds::proven(&measured));
        let compiler = Compiler::of(&kept, &measured);
        budget::kept(&measured, compiler)?;
        compare::with(&kept, &now, &builds::names_of_rows(), compiler)?;
        println!("{} is up to date.", places::shown(&file));
        return Ok(());
    }
    let measured = builds::measured()?;
    let now = table::of(&measured);
    fs::write(&file, &now).map_err(|e| Failure::at("write", &file, e))?;
    print!("{now}");
    println!("\n{}", builds::proven(&measured));
    // The page is this compiler's from now on.
    budget::kept(&measured, Compiler::OfThePage)
}
