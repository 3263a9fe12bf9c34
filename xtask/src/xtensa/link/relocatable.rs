//! One object out of many, as MicroPython's `tools/mpy_ld.py` reads it:
//!
//! - one section `.literal`, since the script knows literals by their offsets in a file's section of that name;
//! - the field of each `l32r` is 0, and its relocation's addend is the literal's offset;
//! - a literal with an address has the offset in its word and the section's symbol in its relocation; in data, the offset is
//!   the relocation's addend;
//! - nothing is added to the address of an undefined name: the script takes that for another name.

use object::elf;

use super::addresses::{Addresses, Value, instruction, point, sum, unfit, value};
use super::elf::{File, Name, Relocation, Section, SymbolNumber};
use super::input::{Field, Kind};
use super::instruction::Instruction;
use super::literals::Pool;
use super::live::Live;
use super::names::{Names, SectionId, Target};
use crate::{Failure, Result};

/// What MicroPython's linker defines: the table of functions, those of names and objects, and types.
const OF_MICROPYTHON: [&str; 4] = ["mp_fun_table", "mp_native_", "mp_type_", "mp_stream_"];

/// `l32r` reaches 256 KB back, and the literals come first. MicroPython's linker does not look, and has a jump before them.
const MOST: u32 = 0x4_0000 - 16;

const TEXT: usize = 0;
const LITERAL: usize = 1;
const DATA: usize = 2;
const ZEROS: usize = 3;

/// The names that the result leaves undefined, each once.
struct Undefined(Vec<String>);

impl Undefined {
    fn number(&mut self, name: &str) -> usize {
        self.0.iter().position(|one| one == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        })
    }
}

/// The object, which begins with the function `entry`.
pub fn make(names: &Names, live: &Live, entry: &str) -> Result<File> {
    if let Some((name, from)) = live.undefined.iter().find(|(name, _)| !is_of_micropython(name)) {
        return Err(Failure::new(format!("{} refers to {name}, which nothing defines", names.shown(*from))));
    }
    let of = |kinds: &[Kind]| -> Vec<SectionId> {
        live.sections.iter().copied().filter(|id| kinds.contains(&names.section(*id).kind)).collect()
    };
    let (text, data, zeros) = (of(&[Kind::Code]), of(&[Kind::Constants]), of(&[Kind::Zeros]));
    if let Some(id) = of(&[Kind::Data]).first() {
        let what = "is a variable with an initial value, which a native module cannot have";
        return Err(Failure::new(format!("{} {what}", names.shown(*id))));
    }
    if let Some(id) = of(&[Kind::Vectors, Kind::Other, Kind::Literals]).first() {
        return Err(Failure::new(format!("{} has no place in a native module", names.shown(*id))));
    }
    let mut addresses = Addresses::default();
    let text_size = addresses.place(names, &text, 0, 4);
    let data_size = addresses.place(names, &data, 0, 1);
    let zeros_size = addresses.place(names, &zeros, 0, 1);

    let mut pool = Pool::new();
    let mut code = Part::new(text_size);
    for id in &text {
        write_code(names, &addresses, *id, &mut code, &mut pool)?;
    }
    if text_size + pool.size() > MOST {
        let size = text_size + pool.size();
        return Err(Failure::new(format!(
            "{size} bytes of code and literals: l32r would not reach the first literals"
        )));
    }
    let mut undefined = Undefined(Vec::new());
    let meaning = |section: SectionId, offset: u32| {
        let number = match names.section(section).kind {
            Kind::Code => TEXT,
            Kind::Zeros => ZEROS,
            _ => DATA,
        };
        (number, addresses.of(section).wrapping_add(offset))
    };
    let mut literals = Part::new(0);
    for value in pool.values() {
        let at = literals.bytes.len() as u32;
        let (word, symbol) = match value {
            Value::Constant(value) => (*value, None),
            Value::In(section, offset) => {
                let (number, offset) = meaning(*section, *offset);
                (offset, Some(SymbolNumber::Section(number)))
            }
            Value::Undefined(name, 0) => (0, Some(SymbolNumber::Name(undefined.number(name)))),
            Value::Undefined(name, addend) => {
                let what = "MicroPython's linker would take it for another name; compile with -fno-pic";
                return Err(Failure::new(format!("a literal is {name}+{addend}: {what}")));
            }
        };
        literals.bytes.extend(word.to_le_bytes());
        literals.relocations.extend(symbol.map(|symbol| Relocation { at, kind: elf::R_XTENSA_32, symbol, addend: 0 }));
    }
    let mut constants = Part::new(data_size);
    for id in &data {
        let (section, base) = (names.section(*id), addresses.of(*id));
        constants.copy(base, &section.data);
        for relocation in &section.relocations {
            let at = base + relocation.at;
            let word = constants.take_word(at);
            let addend = relocation.addend + i64::from(word);
            if relocation.field == Field::Slot || at % 4 != 0 {
                let place = format!("{}+{:#x}", names.shown(*id), relocation.at);
                return Err(Failure::new(format!("{place} has an address that is not a whole, aligned word")));
            }
            let (symbol, addend) = match names.target(id.0, relocation.symbol) {
                Target::In(section, value) => {
                    let (number, offset) = meaning(section, sum(value, addend));
                    (SymbolNumber::Section(number), offset)
                }
                Target::Undefined(name) => (SymbolNumber::Name(undefined.number(&name)), sum(0, addend)),
                Target::Absolute(value) => {
                    constants.put_word(at, sum(value, addend));
                    continue;
                }
            };
            constants.relocations.push(Relocation { at, kind: elf::R_XTENSA_32, symbol, addend: addend as i32 });
        }
    }
    let Target::In(begin, value) = names.named(entry) else {
        return Err(Failure::new(format!("nothing defines {entry}, with which the result begins")));
    };
    // Undefined names come first: relocations name them by their numbers.
    let undefined =
        undefined.0.into_iter().map(|name| Name { name, section: None, value: 0, size: 0, is_function: false });
    let entry = Name {
        name: entry.to_owned(),
        section: Some(TEXT),
        value: addresses.of(begin) + value,
        size: 0,
        is_function: true,
    };
    let executable = elf::SHF_ALLOC | elf::SHF_EXECINSTR;
    let align = data.iter().map(|id| names.section(*id).align).max().unwrap_or(1).max(4);
    Ok(File {
        entry: None,
        sections: vec![
            code.section(".text", executable, 4),
            literals.section(".literal", executable, 4),
            constants.section(".data.rel.ro", elf::SHF_ALLOC, align),
            Section {
                name: ".bss",
                flags: elf::SHF_ALLOC | elf::SHF_WRITE,
                address: 0,
                data: None,
                size: zeros_size,
                align: 4,
                relocations: Vec::new(),
            },
        ],
        names: undefined.chain([entry]).collect(),
    })
}

/// Copies a section's code, with its calls written and its loads left to MicroPython's linker.
fn write_code(names: &Names, addresses: &Addresses, id: SectionId, code: &mut Part, pool: &mut Pool<Value>) -> Result {
    let (section, base) = (names.section(id), addresses.of(id));
    code.copy(base, &section.data);
    for load in &section.loads {
        let at = base + load.at;
        if let Some([_, low, high]) = code.bytes.get_mut(at as usize..).and_then(|rest| rest.first_chunk_mut::<3>()) {
            (*low, *high) = (0, 0);
        }
        let addend = pool.place(&value(names, id.0, &load.literal)) as i32;
        let symbol = SymbolNumber::Section(LITERAL);
        code.relocations.push(Relocation { at, kind: elf::R_XTENSA_SLOT0_OP, symbol, addend });
    }
    for relocation in &section.relocations {
        let target = names.target(id.0, relocation.symbol);
        let instruction = instruction(names, id, relocation)?;
        let to = match &target {
            Target::In(to, value) if names.section(*to).kind == Kind::Code => addresses.of(*to) + value,
            _ => {
                let name = &names.objects[id.0].symbols[relocation.symbol].name;
                return Err(Failure::new(format!("{}: a call of {name}, which is not in the module", names.shown(id))));
            }
        };
        let to = sum(to, relocation.addend);
        point(&mut code.bytes, base + relocation.at, instruction, 0, to)
            .map_err(|why| unfit(names, id, relocation.at, means(instruction), why))?;
    }
    Ok(())
}

pub fn means(instruction: Instruction) -> &'static str {
    match instruction {
        Instruction::Load => "the literal",
        Instruction::Call(_) => "the function that is called",
        Instruction::Jump => "where it jumps to",
    }
}

fn is_of_micropython(name: &str) -> bool {
    OF_MICROPYTHON.iter().any(|start| name.starts_with(start))
}

/// A section that is being made.
struct Part {
    bytes: Vec<u8>,
    relocations: Vec<Relocation>,
}

impl Part {
    fn new(size: u32) -> Self {
        Part { bytes: vec![0; size as usize], relocations: Vec::new() }
    }

    fn copy(&mut self, at: u32, data: &[u8]) {
        let at = at as usize;
        if let Some(place) = self.bytes.get_mut(at..at + data.len()) {
            place.copy_from_slice(data);
        }
    }

    /// The word at `at`, which is zero from now on.
    fn take_word(&mut self, at: u32) -> u32 {
        let place = self.bytes.get_mut(at as usize..).and_then(|rest| rest.first_chunk_mut::<4>());
        place.map_or(0, |word| u32::from_le_bytes(std::mem::take(word)))
    }

    fn put_word(&mut self, at: u32, value: u32) {
        self.copy(at, &value.to_le_bytes());
    }

    fn section(self, name: &'static str, flags: elf::SectionFlags, align: u32) -> Section {
        let size = self.bytes.len() as u32;
        Section { name, flags, address: 0, data: Some(self.bytes), size, align, relocations: self.relocations }
    }
}
