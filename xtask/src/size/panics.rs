//! Can the library panic? Not if nothing of Rust's panic machinery is left in what was linked without what cannot be
//! reached. Where something is left, the functions are named that lead there.

use std::collections::{BTreeMap, BTreeSet};

use super::names::readable;
use crate::binary::Program;
use crate::{Failure, Result};

/// How many functions are named at most.
const NAMED: usize = 8;

/// Ways that a package leaves in a function of ours that inlines it, each with the number of places and why none can be
/// reached. Another place in the same function is a failure.
const UNREACHABLE: &[(&str, usize, &str)] = &[(
    "aliyun_iot::clouds::vendor::registration::cipher::decrypt_blocks",
    1,
    "`aes128_decrypt` of `aes` 0.8 takes a slice of its 88 round keys from 72, 40 and 8 on: numbers that depend on no input",
)];

/// Fails if `program`, which was linked for `triple` with what refers to what, has a way to panic that can be reached.
pub fn none_in(program: &[u8], triple: &str) -> Result {
    let mut ways = ways_in(program)?;
    for (name, count, _) in UNREACHABLE {
        if ways.get(*name) == Some(count) {
            ways.remove(*name);
        }
    }
    if ways.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = ways.keys().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = if ways.len() > NAMED { " and others" } else { "" };
    Err(Failure::new(format!("the library for {triple} can panic, from {}{more}", named.join(", "))))
}

/// The functions from which a panic can be reached at once, or through functions of Rust's core only, each with the number of
/// its references that lead there.
fn ways_in(program: &[u8]) -> Result<BTreeMap<String, usize>> {
    let program = Program::read(program)?;
    let symbols = program.symbols()?;
    let names: BTreeMap<&str, String> = symbols.iter().map(|symbol| (symbol.name, readable(symbol.name))).collect();
    let mut open: Vec<&str> =
        names.iter().filter(|(_, name)| is_machinery(name)).map(|(mangled, _)| *mangled).collect();
    if open.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places: BTreeMap<u64, _> = symbols.iter().map(|symbol| (symbol.address, symbol)).collect();
    let references = program.references()?;
    let function_at = |address: u64| {
        let (_, symbol) = places.range(..=address).next_back()?;
        (address < symbol.address + symbol.size).then_some(symbol.name)
    };
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    let mut ways = BTreeMap::new();
    while let Some(callee) = open.pop() {
        let to_it = references.iter().filter(|reference| reference.symbol == callee);
        for caller in to_it.filter_map(|reference| function_at(reference.address)) {
            let Some(name) = names.get(caller) else { continue };
            if !is_of_core(name) {
                *ways.entry(name.clone()).or_default() += 1;
            } else if seen.insert(caller) {
                open.push(caller);
            }
        }
    }
    if ways.is_empty() {
        // Nothing leads there that can be seen, but it is there.
        ways.extend(seen.iter().filter_map(|name| Some((names.get(name)?.clone(), 0))));
    }
    Ok(ways)
}

fn is_machinery(name: &str) -> bool {
    name.contains("core::panicking::") || name.contains("rust_begin_unwind")
}

/// Whether `name` is a function of Rust's core, or of one of its own types.
fn is_of_core(name: &str) -> bool {
    let own = ["core::", "[", "str>", "str as", "char>", "u8>", "u16>", "u32>", "u64>", "usize>", "&"];
    own.iter().any(|start| name.trim_start_matches('<').starts_with(start)) || is_machinery(name)
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
        let ways = ways_in(&bytes).expect("symbols");
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
