//! `target/qemu/<board>/run`: a script on a board as one runs it on a computer. `ports/qemu/run.py` does it.

use std::path::{Path, PathBuf};

use super::board::Board;
use super::emulator::{self, Emulator};
use super::firmware;
use crate::{Result, places, script};

/// The program for `board`, whose firmware has been built.
pub fn of(board: &Board) -> Result<PathBuf> {
    write(&emulator::ARM, board.machine, &firmware::place(board), &firmware::product(board), &[])
}

/// The program for a machine with some firmware, to lie in `folder`.
pub fn write(emulator: &Emulator, machine: &str, folder: &Path, firmware: &Path, more: &[&str]) -> Result<PathBuf> {
    let program = folder.join("run");
    let mut words = vec![
        "python3".to_owned(),
        places::root().join("ports/qemu/run.py").display().to_string(),
        "--qemu".to_owned(),
        emulator::program(emulator)?.display().to_string(),
        "--machine".to_owned(),
        machine.to_owned(),
        "--firmware".to_owned(),
        firmware.display().to_string(),
    ];
    words.extend(more.iter().map(|word| (*word).to_owned()));
    script::write(&program, &words)?;
    Ok(program)
}
