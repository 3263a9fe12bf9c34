//! Which targets is the library made for, and what is each of them called?

use std::path::PathBuf;

use crate::{Failure, Result, places};

/// A target that `cargo xtask lib` builds for.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name in Rust.
    pub triple: &'static str,
    /// Whether it has an operating system and its C library, as the machines have that this is developed on.
    pub hosted: bool,
    /// What rustc is told of a target that it does not know itself.
    pub described: Option<&'static str>,
}

/// What ESP32, ESP32-S2 and ESP32-S3 have in common. (rustc's own targets for them are for one chip each, and their data
/// layout is not that of LLVM 22.) `size` does not measure it: LLVM has no linker for it.
pub const XTENSA: Target = Target { described: Some("xtensa-none-elf.json"), ..bare("xtensa-none-elf") };

/// Those that rustc knows, and LLVM's linker.
pub const TARGETS: [Target; 8] = [
    bare("thumbv6m-none-eabi"),
    bare("thumbv7m-none-eabi"),
    bare("thumbv7em-none-eabi"),
    bare("thumbv7em-none-eabihf"),
    bare("thumbv8m.main-none-eabi"),
    bare("thumbv8m.main-none-eabihf"),
    bare("riscv32imc-unknown-none-elf"),
    Target { hosted: true, ..bare("x86_64-unknown-linux-gnu") },
];

const fn bare(triple: &'static str) -> Target {
    Target { triple, hosted: false, described: None }
}

/// The target of that name, or the only one whose name begins so.
pub fn named(name: &str) -> Result<&'static Target> {
    if let Some(exact) = all().find(|target| target.triple == name) {
        return Ok(exact);
    }
    let matching: Vec<&Target> = all().filter(|target| !name.is_empty() && target.triple.starts_with(name)).collect();
    match matching.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::new(format!("unknown target `{name}`; targets: {}", list()))),
        several => Err(Failure::new(format!("ambiguous target `{name}`; name one of {}", triples(several)))),
    }
}

/// All of them, for people.
pub fn list() -> String {
    triples(&all().collect::<Vec<_>>())
}

/// Each target.
pub fn all() -> impl Iterator<Item = &'static Target> {
    TARGETS.iter().chain([&XTENSA])
}

impl Target {
    /// What cargo takes for `--target`: the name, or the file with the description.
    pub fn for_cargo(&self) -> PathBuf {
        let described = self.described.map(|file| places::root().join("xtask/src/targets").join(file));
        described.unwrap_or_else(|| self.triple.into())
    }
}

fn triples(of: &[&Target]) -> String {
    of.iter().map(|target| target.triple).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triple(name: &str) -> std::result::Result<&'static str, String> {
        named(name).map(|target| target.triple).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_short_name_will_do_where_it_is_clear() {
        assert_eq!(triple("thumbv7m"), Ok("thumbv7m-none-eabi"));
        assert_eq!(triple("riscv32imc"), Ok("riscv32imc-unknown-none-elf"));
        assert_eq!(triple("x86_64"), Ok("x86_64-unknown-linux-gnu"));
        assert_eq!(triple("xtensa"), Ok("xtensa-none-elf"));
        assert_eq!(triple("thumbv7em-none-eabi"), Ok("thumbv7em-none-eabi"), "a whole name is never ambiguous");
    }

    /// Cargo names its folder for the results after the file.
    #[test]
    fn a_described_target_has_the_name_of_its_file() {
        let file = XTENSA.for_cargo();
        assert_eq!(file.file_stem().and_then(|stem| stem.to_str()), Some(XTENSA.triple));
        let text = std::fs::read_to_string(file).expect("a description");
        let described: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(described["llvm-target"], XTENSA.triple);
        assert_eq!(TARGETS[0].for_cargo(), PathBuf::from(TARGETS[0].triple));
    }

    #[test]
    fn other_names_are_told_in_one_line() {
        let ambiguous = "ambiguous target `thumbv7em`; name one of thumbv7em-none-eabi, thumbv7em-none-eabihf";
        assert_eq!(triple("thumbv7em"), Err(ambiguous.to_owned()));
        for unknown in ["", "xtensa-esp32", "thumbv7m-none-eabihf"] {
            assert!(triple(unknown).is_err_and(|line| line.starts_with("unknown target") && !line.contains('\n')));
        }
    }
}
