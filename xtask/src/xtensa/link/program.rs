//! A program at fixed addresses, for firmware. Each section of code has its literals just before it, so `l32r` reaches them
//! however long the program is; a call that does not reach its function goes through a stub there.

use std::collections::BTreeMap;

use object::elf;

use super::addresses::{Addresses, Value, aligned, instruction, point, sum, unfit, value};
use super::elf::{File, Name, Section};
use super::input::{Field, Kind, Place};
use super::instruction::{Instruction, jump_to_register, load};
use super::literals::Pool;
use super::live::Live;
use super::names::{Names, SectionId, Target};
use super::relocatable::means;
use crate::{Failure, Result};

/// The sections of the result, in order, with the name that gives one an address of its own.
const PARTS: [(Kind, &str); 5] = [
    (Kind::Vectors, ".vectors"),
    (Kind::Code, ".text"),
    (Kind::Constants, ".rodata"),
    (Kind::Data, ".data"),
    (Kind::Zeros, ".bss"),
];

/// Names that the linker defines: where the zeros begin and end, and where everything does.
const BSS_START: &str = "_bss_start";
const BSS_END: &str = "_bss_end";
const END: &str = "_end";

/// A stub has `l32r` and `jx`, and two bytes to the next multiple of four.
const STUB: u32 = 8;

/// The addresses that the command line gives to sections of the result.
pub type Starts = BTreeMap<String, u32>;

/// The literals and stubs before a section of code.
struct Before {
    pool: Pool<Value>,
    /// By the register that is free at the call, and the function.
    stubs: BTreeMap<(u8, Value), u32>,
    at: u32,
}

struct Layout<'a> {
    names: &'a Names,
    live: &'a Live,
    starts: &'a Starts,
    addresses: Addresses,
    before: BTreeMap<SectionId, Before>,
    /// Begin and end of each part.
    parts: Vec<(u32, u32)>,
}

/// The program that begins at the function `entry`.
pub fn make(names: &Names, live: &Live, entry: &str, starts: &Starts) -> Result<File> {
    if let Some(name) = starts.keys().find(|name| PARTS.iter().all(|(_, part)| part != name)) {
        let parts: Vec<&str> = PARTS.iter().map(|(_, part)| *part).collect();
        return Err(Failure::new(format!("no section {name}; --section-start is for {}", parts.join(", "))));
    }
    if let Some(id) = live.sections.iter().find(|id| matches!(names.section(**id).kind, Kind::Other | Kind::Literals)) {
        return Err(Failure::new(format!("{} is not loaded, but something refers to it", names.shown(*id))));
    }
    let mut layout = Layout::new(names, live, starts)?;
    loop {
        layout.place();
        if !layout.add_stubs()? {
            break;
        }
    }
    layout.check()?;
    if let Some((name, from)) = live.undefined.iter().find(|(name, _)| layout.own_name(name).is_none()) {
        return Err(Failure::new(format!("{} refers to {name}, which nothing defines", names.shown(*from))));
    }
    let mut sections = Vec::new();
    for (number, (kind, name)) in PARTS.into_iter().enumerate() {
        let (begin, end) = layout.parts[number];
        if begin == end {
            continue;
        }
        let data = match kind {
            Kind::Zeros => None,
            _ => Some(layout.bytes(kind, begin, end)?),
        };
        let flags = match kind {
            Kind::Vectors | Kind::Code => elf::SHF_ALLOC | elf::SHF_EXECINSTR,
            Kind::Constants => elf::SHF_ALLOC,
            _ => elf::SHF_ALLOC | elf::SHF_WRITE,
        };
        let align = layout.sections(kind).map(|id| names.section(id).align).max().unwrap_or(1).max(4);
        sections.push((
            kind,
            Section { name, flags, address: begin, data, size: end - begin, align, relocations: Vec::new() },
        ));
    }
    let kinds: Vec<Kind> = sections.iter().map(|(kind, _)| *kind).collect();
    let Target::In(begin, offset) = names.named(entry) else {
        return Err(Failure::new(format!("nothing defines {entry}, with which the result begins")));
    };
    Ok(File {
        entry: Some(layout.addresses.of(begin) + offset),
        sections: sections.into_iter().map(|(_, section)| section).collect(),
        names: layout.symbols(&kinds),
    })
}

impl<'a> Layout<'a> {
    fn new(names: &'a Names, live: &'a Live, starts: &'a Starts) -> Result<Self> {
        let mut before = BTreeMap::new();
        for id in &live.sections {
            let section = names.section(*id);
            if section.kind != Kind::Code && !section.loads.is_empty() {
                return Err(Failure::new(format!("{} reads a literal: only .text can", names.shown(*id))));
            }
            let mut pool = Pool::new();
            for load in &section.loads {
                pool.place(&value(names, id.0, &load.literal));
            }
            if section.kind == Kind::Code {
                before.insert(*id, Before { pool, stubs: BTreeMap::new(), at: 0 });
            }
        }
        Ok(Layout { names, live, starts, addresses: Addresses::default(), before, parts: Vec::new() })
    }

    fn sections(&self, kind: Kind) -> impl Iterator<Item = SectionId> + use<'a> {
        let names = self.names;
        self.live.sections.iter().copied().filter(move |id| names.section(*id).kind == kind)
    }

    fn place(&mut self) {
        let mut at = 0;
        self.parts.clear();
        for (kind, name) in PARTS {
            at = self.starts.get(name).copied().unwrap_or_else(|| aligned(at, 16));
            let begin = at;
            for id in self.sections(kind) {
                if let Some(before) = self.before.get_mut(&id) {
                    before.at = aligned(at, 4);
                    at = before.at + before.pool.size() + STUB * before.stubs.len() as u32;
                }
                let align = if kind == Kind::Code { 4 } else { 1 };
                at = self.addresses.place(self.names, &[id], at, align);
            }
            self.parts.push((begin, at));
        }
    }

    /// The address of a literal's value.
    fn value(&self, value: &Value) -> u32 {
        match value {
            Value::Constant(value) => *value,
            Value::In(section, offset) => self.addresses.of(*section).wrapping_add(*offset),
            Value::Undefined(name, addend) => sum(self.own_name(name).unwrap_or(0), *addend),
        }
    }

    fn target(&self, target: &Target, addend: i64) -> u32 {
        let address = match target {
            Target::In(section, value) => self.addresses.of(*section).wrapping_add(*value),
            Target::Absolute(value) => *value,
            Target::Undefined(name) => self.own_name(name).unwrap_or(0),
        };
        sum(address, addend)
    }

    /// The value of a name that the linker defines.
    fn own_name(&self, name: &str) -> Option<u32> {
        let (begin, end) = self.parts.last().copied().unwrap_or_default();
        match name {
            BSS_START => Some(begin),
            BSS_END => Some(end),
            END => Some(aligned(self.parts.iter().map(|(_, end)| *end).max().unwrap_or(0), 16)),
            _ => None,
        }
    }

    /// Gives stubs to calls that do not reach; whether there are new ones.
    fn add_stubs(&mut self) -> Result<bool> {
        let mut missing = Vec::new();
        for id in self.before.keys() {
            for relocation in &self.names.section(*id).relocations {
                let instruction = instruction(self.names, *id, relocation)?;
                let Instruction::Call(turn) = instruction else { continue };
                let target = self.names.target(id.0, relocation.symbol);
                let (from, to) = (self.addresses.of(*id) + relocation.at, self.target(&target, relocation.addend));
                // A call that does not turn the window leaves no register free.
                if turn > 0 && instruction.pointed([0; 3], from, to).is_err() && to % 4 == 0 {
                    let value = value_of(&target, relocation.addend);
                    missing.push((*id, (turn + 1, value)));
                }
            }
        }
        let mut is_new = false;
        for (id, stub) in missing {
            let Some(before) = self.before.get_mut(&id) else { continue };
            let number = before.stubs.len() as u32;
            if !before.stubs.contains_key(&stub) {
                before.pool.place(&stub.1);
                before.stubs.insert(stub, number);
                is_new = true;
            }
        }
        Ok(is_new)
    }

    /// The lowest 30 bits of an address are all that a return address has; the others are those of the code that returns.
    fn check(&self) -> Result {
        let executed = PARTS
            .iter()
            .zip(&self.parts)
            .filter(|((kind, _), (begin, end))| matches!(kind, Kind::Vectors | Kind::Code) && begin != end);
        let quarters: Vec<u32> = executed.flat_map(|(_, (begin, end))| [begin >> 30, (end - 1) >> 30]).collect();
        if quarters.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err("code lies in different gigabytes: a function could not return from one to the other".into());
        }
        let mut parts: Vec<(u32, u32)> = self.parts.iter().copied().filter(|(begin, end)| begin != end).collect();
        parts.sort_unstable();
        if let Some(pair) = parts.windows(2).find(|pair| pair[0].1 > pair[1].0) {
            return Err(Failure::new(format!("sections overlap at {:#x}", pair[1].0)));
        }
        Ok(())
    }

    /// The contents of a part.
    fn bytes(&self, kind: Kind, begin: u32, end: u32) -> Result<Vec<u8>> {
        let mut bytes = vec![0; (end - begin) as usize];
        for id in self.sections(kind) {
            let section = self.names.section(id);
            let at = (self.addresses.of(id) - begin) as usize;
            bytes[at..at + section.data.len()].copy_from_slice(&section.data);
            if let Some(before) = self.before.get(&id) {
                self.write_before(before, begin, &mut bytes);
            }
            self.relocate(id, begin, &mut bytes)?;
        }
        Ok(bytes)
    }

    fn write_before(&self, before: &Before, begin: u32, bytes: &mut [u8]) {
        let mut at = (before.at - begin) as usize;
        for value in before.pool.values() {
            bytes[at..at + 4].copy_from_slice(&self.value(value).to_le_bytes());
            at += 4;
        }
        for ((register, value), number) in &before.stubs {
            let at = at + (STUB * number) as usize;
            let literal = before.literal(value);
            // The literals lie just before, so it reaches.
            let load = Instruction::Load.pointed(load(*register), begin + at as u32, literal).unwrap_or_default();
            bytes[at..at + 3].copy_from_slice(&load);
            bytes[at + 3..at + 6].copy_from_slice(&jump_to_register(*register));
        }
    }

    fn relocate(&self, id: SectionId, begin: u32, bytes: &mut [u8]) -> Result {
        let (section, address) = (self.names.section(id), self.addresses.of(id));
        let base = address - begin;
        for load in &section.loads {
            let Some(before) = self.before.get(&id) else { continue };
            let literal = before.literal(&value(self.names, id.0, &load.literal));
            point(bytes, base + load.at, Instruction::Load, begin, literal)
                .map_err(|why| unfit(self.names, id, load.at, "the literal (compile with -ffunction-sections)", why))?;
        }
        for relocation in &section.relocations {
            let target = self.names.target(id.0, relocation.symbol);
            let to = self.target(&target, relocation.addend);
            let at = base + relocation.at;
            if relocation.field == Field::Word {
                let place = &mut bytes[at as usize..at as usize + 4];
                let word = u32::from_le_bytes([place[0], place[1], place[2], place[3]]);
                place.copy_from_slice(&word.wrapping_add(to).to_le_bytes());
                continue;
            }
            let instruction = instruction(self.names, id, relocation)?;
            let stub = self.before.get(&id).and_then(|before| match instruction {
                Instruction::Call(turn) => before.stub(turn + 1, &value_of(&target, relocation.addend)),
                _ => None,
            });
            let direct = point(bytes, at, instruction, begin, to);
            let done = match (direct, stub) {
                (Err(_), Some(stub)) => point(bytes, at, instruction, begin, stub),
                (direct, _) => direct,
            };
            done.map_err(|why| unfit(self.names, id, relocation.at, means(instruction), why))?;
        }
        Ok(())
    }

    /// The functions and variables of the result; `kinds` are its sections.
    fn symbols(&self, kinds: &[Kind]) -> Vec<Name> {
        let mut found = Vec::new();
        for (object, of) in self.names.objects.iter().enumerate() {
            for symbol in &of.symbols {
                let Place::In(section, value) = symbol.place else { continue };
                let id = (object, section);
                if symbol.name.is_empty() || !self.live.sections.contains(&id) {
                    continue;
                }
                let kind = self.names.section(id).kind;
                found.push(Name {
                    name: symbol.name.clone(),
                    section: kinds.iter().position(|one| *one == kind),
                    value: self.addresses.of(id) + value,
                    size: symbol.size,
                    is_function: symbol.is_function,
                });
            }
        }
        found.sort_by(|a, b| (a.value, &a.name).cmp(&(b.value, &b.name)));
        found
    }
}

fn value_of(target: &Target, addend: i64) -> Value {
    match target {
        Target::In(section, value) => Value::In(*section, sum(*value, addend)),
        Target::Absolute(value) => Value::Constant(sum(*value, addend)),
        Target::Undefined(name) => Value::Undefined(name.clone(), addend),
    }
}

impl Before {
    /// The address of a literal.
    fn literal(&self, value: &Value) -> u32 {
        let number = self.pool.values().iter().position(|one| one == value).unwrap_or_default();
        self.at + 4 * number as u32
    }

    /// The address of the stub for a function, called with this register free.
    fn stub(&self, register: u8, function: &Value) -> Option<u32> {
        let number = self.stubs.get(&(register, function.clone()))?;
        Some(self.at + self.pool.size() + STUB * number)
    }
}
