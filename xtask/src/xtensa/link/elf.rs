//! How is the result written? By the package `object`.

use object::write::StringId;
use object::write::elf::{FileHeader, ProgramHeader, Rel, SectionHeader, SectionIndex, Sym, Writer};
use object::{Endianness, elf};

use crate::{Failure, Result};

/// A section of the result.
pub struct Section {
    pub name: &'static str,
    pub flags: elf::SectionFlags,
    pub address: u32,
    /// `None`: zeros.
    pub data: Option<Vec<u8>>,
    pub size: u32,
    pub align: u32,
    pub relocations: Vec<Relocation>,
}

pub struct Relocation {
    pub at: u32,
    pub kind: elf::RelocationType,
    pub symbol: SymbolNumber,
    pub addend: i32,
}

/// A symbol as relocations name it.
#[derive(Clone, Copy)]
pub enum SymbolNumber {
    /// That of a section of the result.
    Section(usize),
    /// One of the names.
    Name(usize),
}

/// A name that others see.
pub struct Name {
    pub name: String,
    /// A section of the result; `None`: undefined.
    pub section: Option<usize>,
    pub value: u32,
    pub size: u32,
    pub is_function: bool,
}

/// What is written.
pub struct File {
    /// A program, with the address where it begins; else an object.
    pub entry: Option<u32>,
    pub sections: Vec<Section>,
    pub names: Vec<Name>,
}

/// What GNU's tools set for an Xtensa core.
const FLAGS: u32 = 0x300;

/// The bytes of the file.
pub fn written(file: &File) -> Result<Vec<u8>> {
    write(file).map_err(|error| Failure::new(format!("cannot write the result: {error}")))
}

fn write(file: &File) -> object::write::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(Endianness::Little, false, &mut bytes);

    // What goes where.
    writer.reserve_null_section_index();
    let mut names: Vec<StringId> = Vec::new();
    for section in &file.sections {
        writer.reserve_section_index();
        names.push(writer.add_section_name(section.name.as_bytes()));
    }
    let relocated: Vec<&Section> = file.sections.iter().filter(|section| !section.relocations.is_empty()).collect();
    let relocation_names: Vec<String> = relocated.iter().map(|section| format!(".rela{}", section.name)).collect();
    let mut relocation_ids = Vec::new();
    for name in &relocation_names {
        writer.reserve_section_index();
        // The writer keeps names for as long as it lives itself.
        relocation_ids.push(writer.add_section_name(name.as_bytes()));
    }
    let symtab = writer.reserve_symtab_section_index();
    writer.reserve_strtab_section_index();
    writer.reserve_shstrtab_section_index();

    writer.reserve_null_symbol_index();
    for number in 0..file.sections.len() {
        writer.reserve_symbol_index(Some(index(number)));
    }
    let mut strings = Vec::new();
    for name in &file.names {
        strings.push(writer.add_string(name.name.as_bytes()));
        writer.reserve_symbol_index(name.section.map(index));
    }

    writer.reserve_file_header();
    if file.entry.is_some() {
        writer.reserve_program_headers(file.sections.len() as u32);
    }
    let mut offsets = Vec::new();
    for section in &file.sections {
        let length = section.data.as_ref().map_or(0, Vec::len) as u64;
        offsets.push(writer.reserve(length, u64::from(section.align.max(4))));
    }
    let relocation_offsets: Vec<u64> =
        relocated.iter().map(|section| writer.reserve_relocations(section.relocations.len(), true)).collect();
    writer.reserve_symtab();
    writer.reserve_strtab()?;
    writer.reserve_shstrtab()?;
    writer.reserve_section_headers();

    // The same in writing.
    writer.write_file_header(&FileHeader {
        os_abi: elf::ELFOSABI_NONE,
        abi_version: 0,
        e_type: if file.entry.is_some() { elf::ET_EXEC } else { elf::ET_REL },
        e_machine: elf::EM_XTENSA,
        e_entry: file.entry.unwrap_or(0).into(),
        e_flags: elf::FileFlags(FLAGS),
    })?;
    if file.entry.is_some() {
        writer.write_align_program_headers();
        for (section, offset) in file.sections.iter().zip(&offsets) {
            writer.write_program_header(&ProgramHeader {
                p_type: elf::PT_LOAD,
                p_flags: segment_flags(section.flags),
                p_offset: *offset,
                p_vaddr: section.address.into(),
                p_paddr: section.address.into(),
                p_filesz: section.data.as_ref().map_or(0, Vec::len) as u64,
                p_memsz: section.size.into(),
                p_align: u64::from(section.align.max(4)),
            });
        }
    }
    for (section, offset) in file.sections.iter().zip(&offsets) {
        writer.pad_until(*offset);
        writer.write(section.data.as_deref().unwrap_or_default());
    }
    for section in &relocated {
        writer.write_align_relocation();
        for relocation in &section.relocations {
            let symbol = match relocation.symbol {
                SymbolNumber::Section(number) => 1 + number,
                SymbolNumber::Name(number) => 1 + file.sections.len() + number,
            };
            let rel = Rel {
                r_offset: relocation.at.into(),
                r_sym: symbol as u32,
                r_type: relocation.kind,
                r_addend: relocation.addend.into(),
            };
            writer.write_relocation(true, &rel);
        }
    }
    writer.write_null_symbol();
    for (number, section) in file.sections.iter().enumerate() {
        writer.write_symbol(&Sym {
            section: Some(index(number).0),
            st_name: 0,
            st_info: elf::STB_LOCAL | elf::STT_SECTION,
            st_other: elf::SymbolOther(0),
            st_shndx: elf::SHN_UNDEF,
            st_value: section.address.into(),
            st_size: 0,
        });
    }
    for (name, string) in file.names.iter().zip(&strings) {
        let kind = if name.is_function { elf::STT_FUNC } else { elf::STT_NOTYPE };
        let st_name = writer.string_offset(Some(*string));
        writer.write_symbol(&Sym {
            section: name.section.map(|number| index(number).0),
            st_name,
            st_info: elf::STB_GLOBAL | kind,
            st_other: elf::SymbolOther(0),
            st_shndx: elf::SHN_UNDEF,
            st_value: name.value.into(),
            st_size: name.size.into(),
        });
    }
    writer.write_strtab();
    writer.write_shstrtab();
    writer.write_null_section_header();
    for ((section, name), offset) in file.sections.iter().zip(&names).zip(&offsets) {
        let sh_name = writer.section_name_offset(Some(*name));
        writer.write_section_header(&SectionHeader {
            sh_name,
            sh_type: if section.data.is_some() { elf::SHT_PROGBITS } else { elf::SHT_NOBITS },
            sh_flags: section.flags,
            sh_addr: section.address.into(),
            sh_offset: *offset,
            sh_size: section.size.into(),
            sh_link: 0,
            sh_info: 0,
            sh_addralign: section.align.into(),
            sh_entsize: 0,
        });
    }
    for ((section, id), offset) in relocated.iter().zip(&relocation_ids).zip(&relocation_offsets) {
        let number = file.sections.iter().position(|one| one.name == section.name).unwrap_or_default();
        let count = section.relocations.len();
        writer.write_relocation_section_header(*id, index(number), symtab, *offset, count, true);
    }
    writer.write_symtab_section_header(1 + file.sections.len() as u32);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    Ok(bytes)
}

/// The number in the file of a section of the result: 0 is no section.
fn index(number: usize) -> SectionIndex {
    SectionIndex(number as u32 + 1)
}

fn segment_flags(flags: elf::SectionFlags) -> elf::ProgramFlags {
    let mut of = elf::PF_R;
    if flags.contains(elf::SHF_WRITE) {
        of |= elf::PF_W;
    }
    if flags.contains(elf::SHF_EXECINSTR) {
        of |= elf::PF_X;
    }
    of
}
