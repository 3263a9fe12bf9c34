//! What do objects and archives hold? The package `object` reads them; here is what the linker needs of them.

use std::collections::HashMap;

use object::read::archive::ArchiveFile;
use object::read::elf::ElfFile32;
use object::read::{Object as _, ObjectSection, ObjectSymbol, RelocationTarget};
use object::{Endianness, RelocationFlags, SectionFlags, SymbolFlags, elf};

use crate::{Failure, Result};

/// What a section is for, which decides where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Code at a fixed place: sections whose names begin with `.vectors`.
    Vectors,
    Code,
    /// Constants, those with addresses in them as well.
    Constants,
    Data,
    Zeros,
    /// Words that `l32r` reads.
    Literals,
    /// Not loaded. LLVM leaves literals even here.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A whole word: R_XTENSA_32.
    Word,
    /// The distance in an instruction: R_XTENSA_SLOT0_OP.
    Slot,
}

#[derive(Clone, Debug)]
pub struct Relocation {
    pub at: u32,
    pub field: Field,
    /// Index of the object's symbol.
    pub symbol: usize,
    pub addend: i64,
}

/// An `l32r` and what it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Where in its section the instruction lies.
    pub at: u32,
    pub literal: Literal,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    Constant(u32),
    /// A symbol of the object by its index, and what is added to its address.
    Address {
        symbol: usize,
        addend: i64,
    },
}

#[derive(Debug)]
pub struct Section {
    pub name: String,
    pub kind: Kind,
    pub align: u32,
    /// Empty if the section is [`Kind::Zeros`].
    pub data: Vec<u8>,
    pub size: u32,
    pub relocations: Vec<Relocation>,
    /// What each `l32r` reads, by its offset; filled by [`super::literals`].
    pub loads: Vec<Load>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Undefined,
    Absolute(u32),
    /// An index of the object's sections, and an offset.
    In(usize, u32),
    /// Size and alignment: an uninitialised variable of C that several objects may declare.
    Common(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    Local,
    Weak,
    Global,
}

#[derive(Debug)]
pub struct Symbol {
    pub name: String,
    pub place: Place,
    pub binding: Binding,
    pub is_function: bool,
    pub size: u32,
}

/// A file, or a member of an archive.
#[derive(Debug)]
pub struct Object {
    /// For people: `lib.a(member.o)`.
    pub name: String,
    pub sections: Vec<Section>,
    pub symbols: Vec<Symbol>,
}

/// A file of the command line.
#[derive(Debug)]
pub enum Input {
    Object(Object),
    /// Its members are linked as they are needed.
    Archive(Vec<Object>),
}

/// Reads the file called `name`.
pub fn read(name: &str, bytes: &[u8]) -> Result<Input> {
    if !bytes.starts_with(b"!<arch>\n") {
        return Ok(Input::Object(object(name.to_owned(), bytes)?));
    }
    let unreadable = |error| Failure::new(format!("{name}: {error}"));
    let archive = ArchiveFile::parse(bytes).map_err(unreadable)?;
    let mut objects = Vec::new();
    for member in archive.members() {
        let member = member.map_err(unreadable)?;
        let data = member.data(bytes).map_err(unreadable)?;
        // A member that is not ELF describes the library.
        if data.starts_with(b"\x7fELF") {
            objects.push(object(format!("{name}({})", String::from_utf8_lossy(member.name())), data)?);
        }
    }
    Ok(Input::Archive(objects))
}

fn object(name: String, bytes: &[u8]) -> Result<Object> {
    let wrong = |what: &dyn std::fmt::Display| Failure::new(format!("{name}: {what}"));
    let file = ElfFile32::<Endianness>::parse(bytes).map_err(|e| wrong(&e))?;
    let endian = file.endian();
    if file.elf_header().e_machine.get(endian) != elf::EM_XTENSA || endian != Endianness::Little {
        return Err(wrong(&"not an object for Xtensa, little-endian"));
    }
    let mut sections = Vec::new();
    let mut numbers = HashMap::new();
    for section in file.sections() {
        let SectionFlags::Elf { sh_type, sh_flags } = section.flags() else { continue };
        if sh_type != elf::SHT_PROGBITS && sh_type != elf::SHT_NOBITS {
            continue;
        }
        let section_name = section.name().map_err(|e| wrong(&e))?;
        let kind = kind(section_name, sh_type == elf::SHT_NOBITS, sh_flags);
        let data = if kind == Kind::Zeros { &[][..] } else { section.data().map_err(|e| wrong(&e))? };
        numbers.insert(section.index(), sections.len());
        sections.push(Section {
            name: section_name.to_owned(),
            kind,
            align: align(section.align()).ok_or_else(|| wrong(&format!("{section_name} has no usable alignment")))?,
            data: data.to_vec(),
            size: u32::try_from(section.size()).map_err(|e| wrong(&e))?,
            relocations: Vec::new(),
            loads: Vec::new(),
        });
    }
    let symbols = symbols(&file, &numbers).map_err(|e| wrong(&e))?;
    let is_outside = |symbol: &&Symbol| {
        let end = if symbol.is_function { symbol.size } else { 0 };
        matches!(symbol.place, Place::In(of, value) if value.checked_add(end).is_none_or(|end| end > sections[of].size))
    };
    if let Some(outside) = symbols.iter().find(is_outside) {
        return Err(wrong(&format!("{} lies outside of its section", outside.name)));
    }
    for section in file.sections() {
        let Some(number) = numbers.get(&section.index()) else { continue };
        for (at, relocation) in section.relocations() {
            let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
            let field = match r_type {
                elf::R_XTENSA_32 => Field::Word,
                elf::R_XTENSA_SLOT0_OP => Field::Slot,
                elf::R_XTENSA_NONE => continue,
                // Debugging information has others, and is not linked.
                _ if sections[*number].kind == Kind::Other => continue,
                other => {
                    let section = &sections[*number].name;
                    return Err(wrong(&format!("unknown relocation {} at {section}+{at:#x}", other.0)));
                }
            };
            let RelocationTarget::Symbol(symbol) = relocation.target() else { continue };
            if symbol.0 >= symbols.len() {
                return Err(wrong(&format!("a relocation for symbol {}, which there is not", symbol.0)));
            }
            let at = u32::try_from(at).map_err(|e| wrong(&e))?;
            let room = if field == Field::Word { 4 } else { 3 };
            if (at as usize).checked_add(room).is_none_or(|end| end > sections[*number].data.len()) {
                return Err(wrong(&format!("a relocation outside of {}", sections[*number].name)));
            }
            let relocation = Relocation { at, field, symbol: symbol.0, addend: relocation.addend() };
            sections[*number].relocations.push(relocation);
        }
    }
    Ok(Object { name, sections, symbols })
}

/// The symbols by their numbers in the file; the first, number 0, is undefined.
fn symbols(
    file: &ElfFile32<'_, Endianness>,
    numbers: &HashMap<object::SectionIndex, usize>,
) -> std::result::Result<Vec<Symbol>, object::read::Error> {
    let nothing = || Symbol {
        name: String::new(),
        place: Place::Undefined,
        binding: Binding::Local,
        is_function: false,
        size: 0,
    };
    let mut symbols = Vec::new();
    for symbol in file.symbols() {
        symbols.resize_with(symbol.index().0, nothing);
        let (value, size) = (symbol.address() as u32, symbol.size() as u32);
        let place = if symbol.is_common() {
            Place::Common(size, value.max(1))
        } else if symbol.is_undefined() {
            Place::Undefined
        } else {
            match symbol.section_index().map(|index| numbers.get(&index)) {
                Some(Some(section)) => Place::In(*section, value),
                Some(None) => Place::Undefined,
                None => Place::Absolute(value),
            }
        };
        let SymbolFlags::Elf { st_info, .. } = symbol.flags() else { continue };
        symbols.push(Symbol {
            name: symbol.name()?.to_owned(),
            place,
            binding: if symbol.is_weak() {
                Binding::Weak
            } else if symbol.is_local() {
                Binding::Local
            } else {
                Binding::Global
            },
            is_function: st_info.st_type() == elf::STT_FUNC,
            size,
        });
    }
    Ok(symbols)
}

/// An alignment that ELF allows, and no larger than anything here needs.
fn align(of: u64) -> Option<u32> {
    let align = u32::try_from(of.max(1)).ok()?;
    (align.is_power_of_two() && align <= 0x1_0000).then_some(align)
}

fn kind(name: &str, is_zeros: bool, flags: elf::SectionFlags) -> Kind {
    let is_below = |start: &str| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if is_below(".literal") {
        Kind::Literals
    } else if !flags.contains(elf::SHF_ALLOC) {
        Kind::Other
    } else if is_below(".vectors") {
        Kind::Vectors
    } else if is_zeros {
        Kind::Zeros
    } else if flags.contains(elf::SHF_EXECINSTR) {
        Kind::Code
    } else if flags.contains(elf::SHF_WRITE) && !is_below(".data.rel.ro") {
        Kind::Data
    } else {
        Kind::Constants
    }
}
