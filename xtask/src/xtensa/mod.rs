//! The toolchain for ESP32, ESP32-S2 and ESP32-S3: processors of the family Xtensa with register windows. Debian has a C
//! compiler whose assembler and linker lack the windows, and LLVM's assembler without a linker. Here they become tools that
//! make takes, as `target/xtensa/bin/xtensawin-…`; nothing is installed.

mod archive;
mod assembly;
mod compiler;
mod link;
mod packages;
mod tools;

use std::ffi::OsString;

pub use archive::archive;
pub use packages::check_rust;
pub use tools::tools;

use crate::{Failure, Result};

/// The job `xtensa`: runs one of the tools, or says how their names begin.
pub fn run(words: &[OsString]) -> Result {
    let Some((tool, words)) = words.split_first() else {
        println!("{}", tools()?.prefix());
        return Ok(());
    };
    match tool.to_str() {
        Some("ld") => link::run(words.iter().cloned()),
        Some("gcc") => compiler::run(&tools::present()?, words),
        _ => Err(Failure::new(format!("no tool `{}`; there are {}", tool.to_string_lossy(), tools::OURS.join(", ")))),
    }
}
