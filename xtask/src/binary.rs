//! What is in a linked program, or in the objects of a static library? The package `object` reads the files; here is what
//! the measurements need from them.

use object::read::archive::ArchiveFile;
use object::read::{Bytes, Error, File, Object, ObjectSection, ObjectSymbol, RelocationTarget};
use object::{Architecture, LittleEndian, SectionFlags, U32, U64, elf};

use crate::{Failure, Result};

pub struct Section<'a> {
    pub name: &'a str,
    pub size: u64,
    pub is_loaded: bool,
    pub is_writable: bool,
    pub is_zeroed: bool,
}

/// A function or a constant.
pub struct Symbol<'a> {
    pub name: &'a str,
    pub address: u64,
    pub size: u64,
}

/// A place in code or constants that refers to a symbol.
pub struct Reference<'a> {
    pub address: u64,
    pub symbol: &'a str,
}

/// The stack frame of a function.
pub struct Frame {
    pub address: u64,
    pub size: u64,
}

/// A linked program.
pub struct Program<'a>(File<'a>);

impl<'a> Program<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        Ok(Program(File::parse(bytes)?))
    }

    pub fn sections(&self) -> Result<Vec<Section<'a>>> {
        let section = |section: object::Section<'a, '_>| {
            let SectionFlags::Elf { sh_type, sh_flags } = section.flags() else {
                return Err(Failure::new("a linked program is not an ELF file"));
            };
            Ok(Section {
                name: section.name()?,
                size: section.size(),
                is_loaded: sh_flags.contains(elf::SHF_ALLOC),
                is_writable: sh_flags.contains(elf::SHF_WRITE),
                is_zeroed: sh_type == elf::SHT_NOBITS,
            })
        };
        self.0.sections().map(section).collect()
    }

    /// The functions and constants that have a size.
    pub fn symbols(&self) -> Result<Vec<Symbol<'a>>> {
        let sized = self.0.symbols().filter(|symbol| symbol.size() > 0);
        let symbols = sized.map(|symbol| {
            Ok(Symbol { name: symbol.name()?, address: self.without_thumb_bit(symbol.address()), size: symbol.size() })
        });
        symbols.collect()
    }

    /// The linker keeps these on request (`--emit-relocs`).
    pub fn references(&self) -> Result<Vec<Reference<'a>>> {
        let mut references = Vec::new();
        for (address, relocation) in self.0.sections().flat_map(|section| section.relocations()) {
            if let RelocationTarget::Symbol(index) = relocation.target() {
                references.push(Reference { address, symbol: self.0.symbol_by_index(index)?.name()? });
            }
        }
        Ok(references)
    }

    /// From the section `.stack_sizes`
    /// (<https://llvm.org/docs/CodeGenerator.html#emitting-function-stack-size-information>).
    pub fn frames(&self) -> Result<Vec<Frame>> {
        let section = self.0.section_by_name(".stack_sizes").ok_or("a linked program has no section .stack_sizes")?;
        let data = section.data()?;
        self.frames_in(data).ok_or_else(|| Failure::new("a linked program has a damaged section .stack_sizes"))
    }

    fn frames_in(&self, data: &[u8]) -> Option<Vec<Frame>> {
        let mut rest = Bytes(data);
        let mut frames = Vec::new();
        while !rest.is_empty() {
            let address = match self.0.is_64() {
                true => rest.read::<U64<LittleEndian>>().ok()?.get(LittleEndian),
                false => rest.read::<U32<LittleEndian>>().ok()?.get(LittleEndian).into(),
            };
            let address = self.without_thumb_bit(address);
            frames.push(Frame { address, size: rest.read_uleb128().ok()? });
        }
        Some(frames)
    }

    /// On Arm, an odd address means Thumb code.
    fn without_thumb_bit(&self, address: u64) -> u64 {
        if self.0.architecture() == Architecture::Arm { address & !1 } else { address }
    }
}

/// The names of all symbols that have a size in the objects of a static library, each once and in order.
pub fn names_in_archive(archive: &[u8]) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    for member in ArchiveFile::parse(archive)?.members() {
        // A member that is not an object describes the library.
        let Ok(object) = File::parse(member?.data(archive)?) else { continue };
        for symbol in object.symbols().filter(|symbol| symbol.size() > 0) {
            names.push(symbol.name()?);
        }
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> bool {
        Program::read(bytes).is_err()
    }

    #[test]
    fn this_program_can_be_read() {
        let file = std::fs::read("/proc/self/exe").expect("a program");
        let program = Program::read(&file).expect("ELF");
        let sections = program.sections().expect("sections");
        let section = |name: &str| sections.iter().find(|section| section.name == name).expect("a section");
        let text = section(".text");
        assert!(text.is_loaded && !text.is_writable && !text.is_zeroed && text.size > 1000);
        let bss = section(".bss");
        assert!(bss.is_loaded && bss.is_writable && bss.is_zeroed);
        let symbols = program.symbols().expect("symbols");
        assert!(symbols.iter().any(|symbol| symbol.name == "main" && symbol.size > 0));
    }

    #[test]
    fn what_is_no_program_or_ends_too_soon_is_refused() {
        let file = std::fs::read("/proc/self/exe").expect("a program");
        assert!(refused(b"") && refused(b"!<arch>\n") && refused(&file[..60]) && refused(&file[..file.len() / 2]));
    }

    #[test]
    fn frames_are_read_at_both_widths() {
        let file = std::fs::read("/proc/self/exe").expect("a program");
        let program = Program::read(&file).expect("ELF");
        let frames = program.frames_in(&[8, 0, 0, 0, 0, 0, 0, 0, 0xa0, 0x02]).expect("a frame");
        assert!(matches!(frames[..], [Frame { address: 8, size: 288 }]));
        assert!(program.frames_in(&[8, 0, 0, 0, 0, 0, 0, 0, 0x80]).is_none(), "a number without its end");
        assert!(program.frames_in(&[8, 0, 0]).is_none());
    }

    #[test]
    fn an_archive_may_have_members_that_are_no_objects() {
        let names = |bytes: &[u8]| names_in_archive(bytes).map(|names| names.len()).ok();
        assert_eq!(names(b"!<arch>\n"), Some(0));
        assert_eq!(names(b""), None);
        assert_eq!(names(b"!<arch>\nshort"), None);
        let text = format!("!<arch>\n{:<48}{:<10}`\nabc\n", "notes/", 3);
        assert_eq!(names(text.as_bytes()), Some(0));
        assert_eq!(names(&text.as_bytes()[..70]), None, "cut off");
    }
}
