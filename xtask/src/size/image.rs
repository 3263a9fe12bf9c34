//! What does one build of the library take?

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::elf::Elf;
use super::{link, panics};
use crate::lib_job::{self, Recipe};
use crate::{Failure, Result, step};

/// The type whose size `aliyun_iot_device_size` tells.
const DEVICE: &str = "aliyun_iot_device`: ";

#[derive(Clone, Default)]
pub struct Image {
    /// Without `memory`.
    pub code: u64,
    /// `memcpy` and the like, which a firmware has anyway.
    pub memory: u64,
    pub constants: u64,
    /// Variables with a value, and without one.
    pub data: u64,
    pub zeroed: u64,
    /// One device, without the caller's buffers.
    pub device: u64,
    /// The largest functions and constants, largest first.
    pub symbols: Vec<(String, u64)>,
    /// The functions with the deepest stack frames, deepest first.
    pub frames: Vec<(String, u64)>,
    pub compiler: String,
    pub core_from_source: bool,
}

impl Image {
    /// What the library adds to a firmware's flash.
    pub fn flash(&self) -> u64 {
        self.code + self.constants
    }
}

/// Builds, links and measures.
pub fn of(recipe: Recipe, entry_points: &[String]) -> Result<Image> {
    let recipe = Recipe { measured: true, ..recipe };
    let library = lib_job::build(&recipe)?;
    if !recipe.target.hosted {
        let program = link::link(&library.archive, recipe.target, entry_points, true)?;
        panics::none_in(&read(&program)?, recipe.target.triple)?;
    }
    let program = link::link(&library.archive, recipe.target, entry_points, false)?;
    let bytes = read(&program)?;
    let unreadable = || Failure::at("understand", &program, "it is not what a linker makes");
    let elf = Elf::read(&bytes).ok_or_else(unreadable)?;

    let sum = |matches: fn(&str) -> bool| -> u64 {
        elf.sections().iter().filter(|section| section.is_loaded() && matches(section.name)).map(|s| s.size).sum()
    };
    let variables = |zeroed: bool| -> u64 {
        let sections = elf.sections().iter().filter(|section| section.is_loaded() && section.is_writable());
        // Tables of addresses are constants, on a machine where code stays where it was linked; the padding is the linker's.
        let sections =
            sections.filter(|section| !section.name.starts_with(".data.rel.ro") && section.name != ".relro_padding");
        sections.filter(|section| section.is_zeroed() == zeroed).map(|section| section.size).sum()
    };
    let symbols = elf.symbols().ok_or_else(unreadable)?;
    if let Some(lost) = entry_points.iter().find(|name| symbols.iter().all(|symbol| symbol.name != **name)) {
        return Err(Failure::new(format!(
            "{lost} is in the header, but not in the library for {}",
            recipe.target.triple
        )));
    }
    let memory = symbols.iter().filter(|symbol| is_for_memory(symbol.name)).map(|symbol| symbol.size).sum();
    let names: HashMap<u64, &str> = symbols.iter().map(|symbol| (symbol.address, symbol.name)).collect();
    let frames = elf.frames().ok_or_else(unreadable)?;
    let frames = frames.into_iter().map(|(at, size)| (names.get(&at).copied().unwrap_or("?"), size)).collect();
    Ok(Image {
        code: sum(|name| name.starts_with(".text")) - memory,
        memory,
        constants: sum(|name| name.starts_with(".rodata") || name.starts_with(".data.rel.ro")),
        data: variables(false),
        zeroed: variables(true),
        device: device(&library.types)?,
        symbols: readable(symbols.iter().map(|symbol| (symbol.name, symbol.size)).collect())?,
        frames: readable(frames)?,
        compiler: library.compiler,
        core_from_source: library.core_from_source,
    })
}

fn read(program: &Path) -> Result<Vec<u8>> {
    fs::read(program).map_err(|e| Failure::at("read", program, e))
}

/// Whether a symbol is a function of Rust's compiler_builtins that a C library has as well.
fn is_for_memory(name: &str) -> bool {
    let of_c = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];
    let is_inside = name.contains("compiler_builtins") && name.contains("3mem");
    of_c.contains(&name) || name.starts_with("__aeabi_mem") || is_inside
}

/// From the compiler's list of its types.
fn device(types: &str) -> Result<u64> {
    let size = types.lines().find_map(|line| line.split_once(DEVICE)?.1.split_once(' ')?.0.parse().ok());
    size.ok_or_else(|| Failure::new("the compiler does not tell the size of aliyun_iot_device"))
}

/// How many are kept.
const KEPT: usize = 15;

/// The largest, with names as people write them.
fn readable(mut of: Vec<(&str, u64)>) -> Result<Vec<(String, u64)>> {
    of.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
    of.dedup();
    of.truncate(KEPT);
    let names = demangled(&of.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
    Ok(names.into_iter().zip(of).map(|(name, (_, size))| (name, size)).collect())
}

/// Names as people write them.
pub fn demangled(names: &[&str]) -> Result<Vec<String>> {
    let mut filter = Command::new("c++filt");
    filter.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = filter.spawn().map_err(|e| step::cannot_start(&filter, &e))?;
    let failed = |e| Failure::new(format!("c++filt does not answer: {e}"));
    let question = names.join("\n");
    let input = child.stdin.take();
    // It answers while it is being asked.
    let asking = std::thread::spawn(move || input.map_or(Ok(()), |mut input| writeln!(input, "{question}")));
    let answer = child.wait_with_output().map_err(failed)?;
    asking.join().unwrap_or(Ok(())).map_err(failed)?;
    Ok(String::from_utf8_lossy(&answer.stdout).lines().map(without_hashes).collect())
}

/// Names carry hashes, at their end or in brackets, which differ from compiler to compiler.
fn without_hashes(name: &str) -> String {
    let is_hash = |text: &str| matches!(text.len(), 14..=16) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let name = name.rsplit_once("::h").filter(|(_, hash)| is_hash(hash)).map_or(name, |(name, _)| name);
    let mut parts = name.split('[');
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']').filter(|(hash, _)| is_hash(hash)) {
            Some((_, rest)) => clean.push_str(rest),
            None => clean.extend(["[", part]),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_device_is_found() {
        let types = "print-type-size type: `a::B`: 8 bytes, alignment: 4 bytes\n\
                     print-type-size type: `ffi::device::aliyun_iot_device`: 1564 bytes, alignment: 4 bytes\n";
        assert!(device(types).is_ok_and(|size| size == 1564));
        assert!(device("").is_err());
    }

    #[test]
    fn a_hash_is_no_part_of_a_name() {
        assert_eq!(without_hashes("a::b::h0123456789abcdef"), "a::b");
        assert_eq!(without_hashes("a::b::hello"), "a::b::hello");
        assert_eq!(without_hashes("<[u8; 4] as a[d1b9fe677d90ef9c]::B>::c"), "<[u8; 4] as a::B>::c");
    }
}
