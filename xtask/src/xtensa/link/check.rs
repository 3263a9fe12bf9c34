//! Is an object as MicroPython's linker and its loader take it? Looked at as it was written, without what the linker knows.

use object::read::elf::ElfFile32;
use object::read::{Object, ObjectSection, ObjectSymbol, RelocationTarget};
use object::{Endianness, RelocationFlags, SectionIndex, SymbolKind, elf};

use super::instruction::{Instruction, is_entry};
use crate::{Failure, Result};

/// How many pointers to functions were looked at.
#[derive(Debug, PartialEq, Eq)]
pub struct Checked {
    pub pointers: usize,
}

/// Fails unless `bytes` has only relocations that MicroPython's loader can follow, and no pointer into code but to functions:
/// ESP32 reads its memory for code in whole words, so nothing in it may be read as data.
pub fn check(bytes: &[u8]) -> Result<Checked> {
    let file = ElfFile32::<Endianness>::parse(bytes)?;
    let text = file.section_by_name(".text").ok_or("the object has no .text")?;
    let code = text.data()?;
    let mut pointers = 0;
    for section in file.sections() {
        let name = section.name()?;
        for (at, relocation) in section.relocations() {
            let wrong = |what: &str| Failure::new(format!("{name}+{at:#x} {what}"));
            let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
            let RelocationTarget::Symbol(symbol) = relocation.target() else {
                return Err(wrong("has a relocation without a symbol"));
            };
            let symbol = file.symbol_by_index(symbol)?;
            match (name, r_type) {
                (".text", elf::R_XTENSA_SLOT0_OP) => {
                    let is_load =
                        code.get(at as usize).and_then(|first| Instruction::at(*first)) == Some(Instruction::Load);
                    if !is_load || section_name(&file, symbol.section_index()) != Some(".literal") {
                        return Err(wrong("has an instruction that MicroPython's linker does not relocate"));
                    }
                }
                (".literal" | ".data.rel.ro", elf::R_XTENSA_32) => {
                    if at % 4 != 0 {
                        return Err(wrong("has an address that is not aligned"));
                    }
                    if symbol.section_index() == Some(text.index()) {
                        if symbol.kind() != SymbolKind::Section {
                            return Err(wrong("names a function: MicroPython's linker takes the section"));
                        }
                        let in_place = section.data()?.get(at as usize..).and_then(|rest| rest.first_chunk::<4>());
                        let in_place = i64::from(u32::from_le_bytes(in_place.copied().unwrap_or_default()));
                        let to = in_place + relocation.addend();
                        let begin = usize::try_from(to).ok().and_then(|to| code.get(to..)).unwrap_or_default();
                        if to % 4 != 0 || !is_entry(begin) {
                            return Err(wrong(&format!("points into code, to {to:#x}, where no function begins")));
                        }
                        pointers += 1;
                    }
                }
                (_, other) => return Err(wrong(&format!("has relocation {}, which no loader follows", other.0))),
            }
        }
    }
    Ok(Checked { pointers })
}

fn section_name<'a>(file: &ElfFile32<'a, Endianness>, index: Option<SectionIndex>) -> Option<&'a str> {
    file.section_by_index(index?).ok()?.name().ok()
}
