//! Which of the tools that a job needs are missing? They are installed.

use super::packages;
use super::tools::{self, Purpose};
use crate::Result;

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
