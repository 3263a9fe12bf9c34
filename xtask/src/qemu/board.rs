//! Which boards are there?

use super::emulator::{self, Emulator};
use crate::{Failure, Result};

pub struct Board {
    /// The folder under `ports/qemu/boards/`.
    pub name: &'static str,
    pub machine: &'static str,
    /// What Rust calls its processor.
    pub target: &'static str,
    pub emulator: &'static Emulator,
}

/// Those with the module in their firmware.
pub const BOARDS: [Board; 2] = [
    Board { name: "MPS2_AN385", machine: "mps2-an385", target: "thumbv7m-none-eabi", emulator: &emulator::ARM },
    Board { name: "MPS2_AN386", machine: "mps2-an386", target: "thumbv7em-none-eabihf", emulator: &emulator::ARM },
];

/// The one that takes the module as a package, as most people use it on an ESP32.
pub const XTENSA: Board =
    Board { name: "KC705", machine: "kc705", target: "xtensa-none-elf", emulator: &emulator::XTENSA };

impl Board {
    pub fn is_xtensa(&self) -> bool {
        self.name == XTENSA.name
    }
}

pub fn named(name: &str) -> Result<&'static Board> {
    let mut all = BOARDS.iter().chain([&XTENSA]);
    all.find(|board| board.name == name).ok_or_else(|| {
        let names: Vec<&str> = BOARDS.iter().chain([&XTENSA]).map(|board| board.name).collect();
        Failure::new(format!("unknown board `{name}`; boards: {}", names.join(", ")))
    })
}
