//! Where does the Rust library for a board come from?

use std::path::PathBuf;

use super::board::Board;
use crate::lib_job::{self, FEATURES, Recipe};
use crate::{Result, targets};

/// What the boards leave out, as most firmware would: other ways to sign and other brokers. They have every service, so that
/// every example runs on them.
const LEFT_OUT: [&str; 3] = ["md5", "plain", "sha1"];

/// The archive for the board's processor, built again where something has changed.
pub fn of(board: &Board) -> Result<PathBuf> {
    let features = FEATURES.iter().copied().filter(|feature| !LEFT_OUT.contains(feature)).collect();
    let recipe = Recipe { features, ..Recipe::of(targets::named(board.target)?) };
    Ok(lib_job::build(&recipe)?.archive)
}

/// An archive with what compilers take for granted, for a processor whose C library here has no such thing. The native
/// module's is one.
pub fn builtins(board: &Board) -> Result<PathBuf> {
    let recipe = Recipe { pic: true, ..Recipe::of(targets::named(board.target)?) }.having("words", true);
    Ok(lib_job::build(&recipe)?.archive)
}
