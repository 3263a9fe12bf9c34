//! What does one build of the library take?

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::{link, panics};
use crate::binary::{Program, Section};
use crate::lib_job::{self, Recipe};
use crate::names::readable;
use crate::{Failure, Result};

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
    let path = link::link(&library.archive, recipe.target, entry_points, false)?;
    let bytes = read(&path)?;
    let unreadable = |failure| Failure::at("understand", &path, failure);
    let program = Program::read(&bytes).map_err(unreadable)?;
    let symbols = program.symbols().map_err(unreadable)?;
    let frames = program.frames().map_err(unreadable)?;
    let sections = program.sections().map_err(unreadable)?;

    let sum = |counts: &dyn Fn(&Section) -> bool| -> u64 {
        sections.iter().filter(|section| section.is_loaded && counts(section)).map(|section| section.size).sum()
    };
    // Tables of addresses are constants on a machine where code stays where it was linked. The padding is the linker's.
    let is_variable = |section: &Section| {
        section.is_writable && !section.name.starts_with(".data.rel.ro") && section.name != ".relro_padding"
    };
    if let Some(lost) = entry_points.iter().find(|name| symbols.iter().all(|symbol| symbol.name != **name)) {
        return Err(Failure::new(format!(
            "{lost} is in the header, but not in the library for {}",
            recipe.target.triple
        )));
    }
    let memory = symbols.iter().filter(|symbol| is_for_memory(symbol.name)).map(|symbol| symbol.size).sum();
    let names: HashMap<u64, &str> = symbols.iter().map(|symbol| (symbol.address, symbol.name)).collect();
    let frames = frames.iter().map(|frame| (names.get(&frame.address).copied().unwrap_or("?"), frame.size));
    Ok(Image {
        code: sum(&|section| section.name.starts_with(".text")) - memory,
        memory,
        constants: sum(&|section| section.name.starts_with(".rodata") || section.name.starts_with(".data.rel.ro")),
        data: sum(&|section| is_variable(section) && !section.is_zeroed),
        zeroed: sum(&|section| is_variable(section) && section.is_zeroed),
        device: device(&library.types)?,
        symbols: largest(symbols.iter().map(|symbol| (symbol.name, symbol.size)).collect()),
        frames: largest(frames.collect()),
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
fn largest(mut of: Vec<(&str, u64)>) -> Vec<(String, u64)> {
    of.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
    of.dedup();
    of.truncate(KEPT);
    of.into_iter().map(|(name, size)| (readable(name), size)).collect()
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
}
