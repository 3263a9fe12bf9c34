//! Can a linked program panic? It was linked without what cannot be reached.

use std::collections::BTreeMap;

use crate::binary::Program;
use crate::{Result, panics};

/// Fails if `program`, which was linked for `triple` with what refers to what, has a way to panic that can be reached.
pub fn none_in(program: &[u8], triple: &str) -> Result {
    read(program, |symbols, references| panics::none(symbols.into_iter(), references.into_iter(), triple))?
}

/// Calls `then` with the names in `program` and its references, those of a function and of what it refers to.
fn read<T>(program: &[u8], then: impl FnOnce(Vec<&str>, Vec<(&str, &str)>) -> T) -> Result<T> {
    let program = Program::read(program)?;
    let symbols = program.symbols()?;
    let places: BTreeMap<u64, _> = symbols.iter().map(|symbol| (symbol.address, symbol)).collect();
    let function_at = |address: u64| {
        let (_, symbol) = places.range(..=address).next_back()?;
        (address < symbol.address + symbol.size).then_some(symbol.name)
    };
    let references = program.references()?;
    let references =
        references.iter().filter_map(|reference| Some((function_at(reference.address)?, reference.symbol))).collect();
    Ok(then(symbols.iter().map(|symbol| symbol.name).collect(), references))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;
    use crate::lib_job::linker::linker;

    /// The ways to panic in a program for this machine that is one function, `entry`.
    fn ways_of(name: &str, entry: &str) -> Vec<String> {
        let folder = std::env::temp_dir().join(format!("aliyun-iot-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let [source, archive, program] = ["a.rs", "liba.a", "a.elf"].map(|file| folder.join(file));
        let code = format!(
            "#![no_std]\n#[panic_handler] fn panic(_: &core::panic::PanicInfo) -> ! {{ loop {{}} }}\n\
             #[unsafe(no_mangle)] pub extern \"C\" fn rust_eh_personality() {{}}\n\
             #[unsafe(no_mangle)] pub extern \"C\" fn {entry}\n"
        );
        fs::write(&source, code).expect("a source");
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition", "2024", "--crate-type", "staticlib", "-Cpanic=abort", "-Copt-level=z"]);
        assert!(rustc.arg("-o").arg(&archive).arg(&source).status().expect("rustc").success());
        let mut link = Command::new(linker().expect("a linker"));
        link.args(["-flavor", "gnu"].iter().filter(|_| linker().is_some_and(|it| it.ends_with("rust-lld"))));
        link.args(["--gc-sections", "--emit-relocs", "--unresolved-symbols=ignore-all", "--entry", "entry"]);
        assert!(link.arg("-o").arg(&program).arg(&archive).status().expect("a linker").success());
        let bytes = fs::read(&program).expect("a program");
        fs::remove_dir_all(&folder).expect("a folder");
        let ways = read(&bytes, |symbols, references| panics::ways(symbols.into_iter(), references.into_iter()))
            .expect("symbols");
        ways.into_keys().collect()
    }

    #[test]
    fn a_program_that_can_panic_is_found_out() {
        let index = "entry(at: usize) -> u8 { [3, 1, 4, 1, 5][core::hint::black_box(at)] }";
        assert_eq!(ways_of("index", index), ["entry"]);
        let slice = "entry(at: usize) -> usize { core::hint::black_box(\"some text\")[at..].len() }";
        assert_eq!(ways_of("slice", slice), ["entry"], "through functions of core's");
    }

    #[test]
    fn a_program_that_cannot_is_not() {
        let get = "entry(at: usize) -> u8 { [3, 1, 4].get(core::hint::black_box(at)).copied().unwrap_or_default() }";
        assert!(ways_of("get", get).is_empty());
    }
}
