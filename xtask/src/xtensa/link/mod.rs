//! The linker: `xtensawin-ld`. Neither GNU ld for this processor nor LLVM's is to be had, and MicroPython's own linker reads
//! one object of a certain form.
//!
//!     xtensawin-ld -r -e mpy_init -o whole.o a.o lib.a          an object for tools/mpy_ld.py
//!     xtensawin-ld -e _start --section-start=.text=0x40000000 -o a.elf a.o lib.a     a program
//!
//! Sections that nothing needs are left out. Sections of a program follow each other in the order .vectors, .text, .rodata,
//! .data, .bss; `--section-start` gives one an address of its own. Sections whose names begin with `.vectors` are kept.

mod addresses;
mod check;
mod elf;
mod input;
mod instruction;
mod literals;
mod live;
mod names;
mod program;
mod relocatable;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::{Failure, Result};
use input::Input;
use names::{Names, Target};
use program::Starts;

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    relocatable: bool,
    entry: Option<String>,
    /// More names that have to be in the result.
    kept: Vec<String>,
    output: Option<PathBuf>,
    starts: Starts,
    files: Vec<PathBuf>,
}

/// Links as the command line says.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Result {
    let options = options(words).map_err(|error| Failure::new(format!("ld: {error}")))?;
    let (output, files) = (options.output.clone().unwrap_or_else(|| "a.out".into()), options.files.clone());
    let mut inputs = Vec::new();
    for file in &files {
        let bytes = fs::read(file).map_err(|e| Failure::at("read", file, e))?;
        inputs.push(input::read(&file.display().to_string(), &bytes)?);
    }
    let linked = link(inputs, &options)?;
    fs::write(&output, linked).map_err(|e| Failure::at("write", &output, e))
}

fn link(inputs: Vec<Input>, options: &Options) -> Result<Vec<u8>> {
    let entry = options.entry.as_deref().unwrap_or("_start");
    let roots: Vec<String> = [entry.to_owned()].into_iter().chain(options.kept.iter().cloned()).collect();
    let names = Names::gather(inputs, &roots)?;
    if let Some(name) = roots.iter().find(|name| matches!(names.named(name), Target::Undefined(_))) {
        return Err(Failure::new(format!("nothing defines {name}")));
    }
    let live = live::reachable(&names, &roots);
    if options.relocatable {
        let bytes = elf::written(&relocatable::make(&names, &live, entry)?)?;
        check::check(&bytes)?;
        return Ok(bytes);
    }
    elf::written(&program::make(&names, &live, entry, &options.starts)?)
}

fn options(words: impl IntoIterator<Item = OsString>) -> std::result::Result<Options, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(words);
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('r') => options.relocatable = true,
            Short('e') | Long("entry") => options.entry = Some(parser.value()?.string()?),
            Short('u') | Long("undefined") => options.kept.push(parser.value()?.string()?),
            Short('o') => options.output = Some(parser.value()?.into()),
            // What GNU ld is told beside, and what is always so here.
            Short('z') => drop(parser.value()?),
            Long("gc-sections") => {}
            Long("section-start") => {
                let start = parser.value()?.string()?;
                let (name, address) = start.split_once('=').ok_or("--section-start=<section>=<address>")?;
                options.starts.insert(name.to_owned(), number(address)?);
            }
            Value(file) => options.files.push(file.into()),
            other => return Err(other.unexpected()),
        }
    }
    if options.files.is_empty() { Err("no input files".into()) } else { Ok(options) }
}

fn number(text: &str) -> std::result::Result<u32, lexopt::Error> {
    let number = text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| u32::from_str_radix(digits, 16));
    number.map_err(|_| format!("`{text}` is no address").into())
}
