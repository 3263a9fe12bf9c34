//! `target/qemu/<board>/run`: a script on a board as one runs it on a computer. `ports/qemu/run.py` does it.

use std::path::PathBuf;

use super::board::Board;
use super::{emulator, firmware, script};
use crate::{Result, places};

/// The program for `board`, whose firmware has been built.
pub fn of(board: &Board) -> Result<PathBuf> {
    let program = firmware::place(board).join("run");
    let words = [
        "python3".to_owned(),
        places::root().join("ports/qemu/run.py").display().to_string(),
        "--qemu".to_owned(),
        emulator::program()?.display().to_string(),
        "--machine".to_owned(),
        board.machine.to_owned(),
        "--firmware".to_owned(),
        firmware::product(board).display().to_string(),
    ];
    script::write(&program, &words)?;
    Ok(program)
}
