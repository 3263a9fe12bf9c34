//! Which word does each `l32r` read? LLVM leaves the literals of a function at the end of the section before, unaligned and
//! wherever that section goes; llvm-mc behind our assembler has them in sections of their own. Here each instruction comes to
//! know its literal, so that the linker can make a new pool, and code loses the literals that lie in it.

use std::collections::{BTreeMap, BTreeSet};

use super::input::{Field, Kind, Literal, Load, Object, Place, Section};
use super::instruction::Instruction;
use crate::{Failure, Result};

/// Fills the `loads` of the object's sections, and takes literals out of its code.
pub fn separate(object: &mut Object) -> Result {
    let mut used = BTreeSet::new();
    let mut loads: Vec<Vec<Load>> = Vec::new();
    for section in &object.sections {
        let mut of_section = Vec::new();
        for relocation in
            section.relocations.iter().filter(|relocation| is_load(section, relocation.at, relocation.field))
        {
            let nowhere = |why: &str| {
                let place = format!("{}: {}+{:#x}", object.name, section.name, relocation.at);
                Failure::new(format!("{place} reads a literal {why}"))
            };
            let Place::In(target, value) = object.symbols[relocation.symbol].place else {
                return Err(nowhere("that no section has"));
            };
            let at = u32::try_from(i64::from(value) + relocation.addend).map_err(|_| nowhere("before its section"))?;
            let literal = literal(&object.sections[target], at).ok_or_else(|| nowhere("behind its section"))?;
            of_section.push(Load { at: relocation.at, literal });
            used.insert((target, at));
        }
        loads.push(of_section);
    }
    let symbols = &object.symbols;
    for (number, (section, loads)) in object.sections.iter_mut().zip(loads).enumerate() {
        let is_read = |at: u32| used.contains(&(number, at));
        let instructions: BTreeSet<u32> = loads.iter().map(|load| load.at).collect();
        section.relocations.retain(|relocation| match relocation.field {
            Field::Slot => !instructions.contains(&relocation.at),
            Field::Word => section.kind != Kind::Code || !is_read(relocation.at),
        });
        section.loads = loads;
        let ends = symbols.iter().filter_map(|symbol| match symbol.place {
            Place::In(of, value) if of == number && symbol.is_function => Some(value + symbol.size),
            _ => None,
        });
        let end = ends.max().unwrap_or(0);
        let is_behind = |at: u32| at >= end;
        let has_label = symbols.iter().any(|symbol| {
            matches!(symbol.place, Place::In(of, value) if of == number && value > 0 && is_behind(value))
                && !symbol.name.is_empty()
        });
        let has_code = section.relocations.iter().any(|one| one.field == Field::Slot && is_behind(one.at))
            || section.loads.iter().any(|load| is_behind(load.at));
        let has_literals = used.range((number, end)..(number + 1, 0)).next().is_some()
            || section.relocations.iter().any(|one| is_behind(one.at));
        // What lies behind the last function is literals, some of which no instruction reads any more.
        if section.kind == Kind::Code && end > 0 && has_literals && !has_label && !has_code {
            section.relocations.retain(|relocation| !is_behind(relocation.at));
            section.data.truncate(end as usize);
            section.size = end;
        }
    }
    Ok(())
}

fn is_load(section: &Section, at: u32, field: Field) -> bool {
    let first = section.data.get(at as usize).copied().unwrap_or(0);
    field == Field::Slot && Instruction::at(first) == Some(Instruction::Load)
}

/// The word at `at`, which may be an address.
fn literal(section: &Section, at: u32) -> Option<Literal> {
    let word = section.data.get(at as usize..)?.first_chunk::<4>()?;
    let word = u32::from_le_bytes(*word);
    let relocation = section.relocations.iter().find(|one| one.field == Field::Word && one.at == at);
    Some(match relocation {
        Some(found) => Literal::Address { symbol: found.symbol, addend: found.addend + i64::from(word) },
        None => Literal::Constant(word),
    })
}

/// The different values among literals, each with its place in a pool.
#[derive(Debug)]
pub struct Pool<T> {
    places: BTreeMap<T, u32>,
    order: Vec<T>,
}

impl<T: Ord + Clone> Pool<T> {
    pub fn new() -> Self {
        Pool { places: BTreeMap::new(), order: Vec::new() }
    }

    /// Where the value lies, in bytes; equal values lie in one place.
    pub fn place(&mut self, value: &T) -> u32 {
        let next = self.size();
        *self.places.entry(value.clone()).or_insert_with(|| {
            self.order.push(value.clone());
            next
        })
    }

    pub fn size(&self) -> u32 {
        4 * self.order.len() as u32
    }

    pub fn values(&self) -> &[T] {
        &self.order
    }
}
