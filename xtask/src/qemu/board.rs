//! Which boards are there?

use crate::{Failure, Result};

pub struct Board {
    /// The folder under `ports/qemu/boards/`.
    pub name: &'static str,
    pub machine: &'static str,
    /// What Rust calls its processor.
    pub target: &'static str,
}

pub const BOARDS: [Board; 2] = [
    Board { name: "MPS2_AN385", machine: "mps2-an385", target: "thumbv7m-none-eabi" },
    Board { name: "MPS2_AN386", machine: "mps2-an386", target: "thumbv7em-none-eabihf" },
];

pub fn named(name: &str) -> Result<&'static Board> {
    BOARDS.iter().find(|board| board.name == name).ok_or_else(|| {
        let names: Vec<&str> = BOARDS.iter().map(|board| board.name).collect();
        Failure::new(format!("unknown board `{name}`; boards: {}", names.join(", ")))
    })
}
