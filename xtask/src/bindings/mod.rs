//! What does the binding look like? (Generates or checks the files made from the declarative table.)

use crate::Result;

/// Regenerates the generated files; with `check`, fails where one of them differs instead.
pub fn run(_check: bool) -> Result {
    Ok(())
}
