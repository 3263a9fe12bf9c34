//! For which architectures are there native modules, and what does each take?

use crate::arguments::Parts;
use crate::setup::Purpose;
use crate::{Failure, Result};

pub struct Arch {
    /// As MicroPython calls it.
    pub name: &'static str,
    /// The Rust target.
    pub target: &'static str,
    /// The compiler, beside that of this machine.
    pub tools: Option<Purpose>,
    /// How the package is built unless the command line says otherwise: split where boards are short of memory.
    pub parts: Parts,
}

pub const ARCHES: [Arch; 5] = [
    Arch { name: "x64", target: "x86_64-unknown-linux-gnu", tools: None, parts: Parts::Whole },
    Arch { name: "armv6m", target: "thumbv6m-none-eabi", tools: Some(Purpose::Board), parts: Parts::Whole },
    Arch { name: "armv7m", target: "thumbv7m-none-eabi", tools: Some(Purpose::Board), parts: Parts::Whole },
    Arch { name: "armv7emsp", target: "thumbv7em-none-eabihf", tools: Some(Purpose::Board), parts: Parts::Whole },
    Arch { name: "rv32imc", target: "riscv32imc-unknown-none-elf", tools: Some(Purpose::Riscv), parts: Parts::Split },
];

pub fn named(name: &str) -> Result<&'static Arch> {
    ARCHES.iter().find(|arch| arch.name == name).ok_or_else(|| {
        let names: Vec<&str> = ARCHES.iter().map(|arch| arch.name).collect();
        let instead = match name {
            "xtensa" | "xtensawin" => "; for ESP8266 and ESP32 build the module into the firmware (docs/porting.md)",
            _ => "",
        };
        Failure::new(format!("unknown architecture `{name}`; architectures: {}{instead}", names.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_architecture_is_told_in_one_line() {
        for name in ["", "armv8m", "xtensawin", "X64"] {
            let line = named(name).map(|_| ()).expect_err("there is none").to_string();
            assert!(line.contains("x64, armv6m, armv7m, armv7emsp, rv32imc") && !line.contains('\n'), "{line}");
        }
        assert!(named("xtensawin").is_err_and(|failure| failure.to_string().contains("docs/porting.md")));
        assert!(ARCHES.iter().all(|arch| crate::targets::named(arch.target).is_ok()));
    }
}
