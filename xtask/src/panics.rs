//! Can code panic? Not if nothing of Rust's panic machinery can be reached. Where it can, the functions are named that lead
//! there.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::readable;
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

/// Fails if the code for `triple` has a way to panic that can be reached. `symbols` are its names, `references` those of a function
/// and of what it refers to, one for each place.
pub fn none<'a>(
    symbols: impl Iterator<Item = &'a str>,
    references: impl Iterator<Item = (&'a str, &'a str)>,
    triple: &str,
) -> Result {
    let mut ways = ways(symbols, references);
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
pub fn ways<'a>(
    symbols: impl Iterator<Item = &'a str>,
    references: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, usize> {
    let names: BTreeMap<&str, String> = symbols.map(|symbol| (symbol, readable(symbol))).collect();
    let references: Vec<(&str, &str)> = references.collect();
    let mut open: Vec<&str> =
        names.iter().filter(|(_, name)| is_machinery(name)).map(|(mangled, _)| *mangled).collect();
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    let mut ways = BTreeMap::new();
    while let Some(callee) = open.pop() {
        for (caller, _) in references.iter().filter(|(_, to)| *to == callee) {
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
    ways
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
    use super::*;

    const PANIC: &str = "_RNvNtCs1_4core9panicking9panic_fmt";
    const SLICE: &str = "_RNvNtNtCs1_4core5slice5index16slice_index_fail";
    const CIPHER: &str = "_RNvNtNtNtNtCs1_10aliyun_iot6clouds6vendor12registration6cipher14decrypt_blocks";

    fn told(references: &[(&'static str, &'static str)]) -> Option<String> {
        let symbols = [PANIC, SLICE, CIPHER, "f"].into_iter();
        none(symbols, references.iter().copied(), "that").err().map(|failure| failure.to_string())
    }

    #[test]
    fn a_way_through_core_is_found() {
        let told = told(&[(SLICE, PANIC), ("f", SLICE), (CIPHER, SLICE)]);
        assert_eq!(told.as_deref(), Some("the library for that can panic, from `f`"));
    }

    #[test]
    fn what_a_package_leaves_is_one_place() {
        assert_eq!(told(&[(SLICE, PANIC), (CIPHER, SLICE)]), None);
        assert!(
            told(&[(SLICE, PANIC), (CIPHER, SLICE), (CIPHER, SLICE)])
                .is_some_and(|told| told.contains("decrypt_blocks"))
        );
    }
}
