//! `target/qemu/<board>/run`: a script on a board as one runs it on a computer. `ports/qemu/run.py` does it.

use std::path::{Path, PathBuf};

use super::board::Board;
use super::emulator::{self, Emulator};
use super::firmware;
use crate::script::{self, Word};
use crate::{Result, places};

/// The program for `board`, whose firmware has been built.
pub fn of(board: &Board) -> Result<PathBuf> {
    for_board(board, &firmware::place(board), &firmware::product(board))
}

/// The program for `board` with some firmware, to lie in `folder`.
pub fn for_board(board: &Board, folder: &Path, firmware: &Path) -> Result<PathBuf> {
    write(board.emulator, board.machine, folder, firmware, &[])
}

/// The program for a machine with some firmware, to lie in `folder`.
pub fn write(emulator: &Emulator, machine: &str, folder: &Path, firmware: &Path, more: &[&str]) -> Result<PathBuf> {
    let program = folder.join("run");
    let mut words = vec![
        "python3".into(),
        Word::Place(places::root().join("ports/qemu/run.py")),
        "--qemu".into(),
        Word::Place(emulator::program(emulator)?),
        "--machine".into(),
        machine.into(),
        "--firmware".into(),
        Word::Place(firmware.to_owned()),
    ];
    words.extend(more.iter().map(|word| Word::from(*word)));
    script::write(&program, &words)?;
    Ok(program)
}
