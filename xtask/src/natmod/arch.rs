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

pub const ARCHES: [Arch; 6] = [
    Arch { name: "x64", target: "x86_64-unknown-linux-gnu", tools: None, parts: Parts::Whole },
    Arch { name: "armv6m", target: "thumbv6m-none-eabi", tools: Some(Purpose::Board), parts: Parts::Whole },
    Arch { name: "armv7m", target: "thumbv7m-none-eabi", tools: Some(Purpose::Board), parts: Parts::Whole },
    Arch { name: "armv7emsp", target: "thumbv7em-none-eabihf", tools: Some(Purpose::Board), parts: Parts::Whole },
    Arch { name: "rv32imc", target: "riscv32imc-unknown-none-elf", tools: Some(Purpose::Riscv), parts: Parts::Split },
    // Its compiler is fetched by itself.
    Arch { name: "xtensawin", target: "xtensa-none-elf", tools: None, parts: Parts::Split },
];

pub fn named(name: &str) -> Result<&'static Arch> {
    ARCHES.iter().find(|arch| arch.name == name).ok_or_else(|| {
        let names: Vec<&str> = ARCHES.iter().map(|arch| arch.name).collect();
        let instead = match name {
            "xtensa" => {
                " (ESP8266 has too little memory for the module; the package for ESP32, -S2 and -S3 is xtensawin)"
            }
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
        for name in ["", "armv8m", "xtensa", "X64"] {
            let line = named(name).map(|_| ()).expect_err("there is none").to_string();
            assert!(
                line.contains("x64, armv6m, armv7m, armv7emsp, rv32imc, xtensawin") && !line.contains('\n'),
                "{line}"
            );
        }
        assert!(named("xtensa").is_err_and(|failure| failure.to_string().contains("ESP8266")));
        assert!(ARCHES.iter().all(|arch| crate::targets::named(arch.target).is_ok()));
    }
}
