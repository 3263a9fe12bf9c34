//! Where does the Rust library for a board come from?

use std::path::PathBuf;

use super::board::Board;
use crate::lib_job::{self, Recipe};
use crate::{Result, targets};

/// The archive for the board's processor, built anew where something has changed.
pub fn of(board: &Board) -> Result<PathBuf> {
    let recipe = Recipe::of(targets::named(board.target)?);
    Ok(lib_job::build(&recipe)?.archive)
}
