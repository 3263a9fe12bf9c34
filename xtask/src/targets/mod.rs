//! Which targets is the library made for, and what is each of them called?

use crate::{Failure, Result};

/// A target that `cargo xtask lib` builds for.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name in Rust.
    pub triple: &'static str,
    /// Whether it has an operating system and its C library, as the machines have that this is developed on.
    pub hosted: bool,
}

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
    Target { triple, hosted: false }
}

/// The target of that name, or the only one whose name begins so.
pub fn named(name: &str) -> Result<&'static Target> {
    if let Some(exact) = TARGETS.iter().find(|target| target.triple == name) {
        return Ok(exact);
    }
    let matching: Vec<&Target> =
        TARGETS.iter().filter(|target| !name.is_empty() && target.triple.starts_with(name)).collect();
    match matching.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::new(format!("unknown target `{name}`; targets: {}", list()))),
        several => Err(Failure::new(format!("ambiguous target `{name}`; name one of {}", triples(several)))),
    }
}

/// All of them, for people.
pub fn list() -> String {
    triples(&TARGETS.iter().collect::<Vec<_>>())
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
        assert_eq!(triple("thumbv7em-none-eabi"), Ok("thumbv7em-none-eabi"), "a whole name is never ambiguous");
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
