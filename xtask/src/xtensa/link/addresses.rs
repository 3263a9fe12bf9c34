//! Where does each section of the result lie, and how are the distances in its instructions written?

use std::collections::BTreeMap;

use super::input::{Field, Literal, Relocation};
use super::instruction::{Instruction, Unfit};
use super::names::{Names, SectionId, Target};
use crate::{Failure, Result};

/// The value of a literal, whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Constant(u32),
    /// An offset in a section.
    In(SectionId, u32),
    Undefined(String, i64),
}

/// The value of a literal of `object`.
pub fn value(names: &Names, object: usize, literal: &Literal) -> Value {
    match literal {
        Literal::Constant(value) => Value::Constant(*value),
        Literal::Address { symbol, addend } => match names.target(object, *symbol) {
            Target::In(section, value) => Value::In(section, sum(value, *addend)),
            Target::Absolute(value) => Value::Constant(sum(value, *addend)),
            Target::Undefined(name) => Value::Undefined(name, *addend),
        },
    }
}

/// Addresses are counted modulo 2^32.
pub fn sum(address: u32, addend: i64) -> u32 {
    address.wrapping_add(addend as u32)
}

pub fn aligned(address: u32, align: u32) -> u32 {
    address.next_multiple_of(align.max(1))
}

/// Where sections begin.
#[derive(Debug, Default)]
pub struct Addresses(pub BTreeMap<SectionId, u32>);

impl Addresses {
    pub fn of(&self, section: SectionId) -> u32 {
        self.0.get(&section).copied().unwrap_or(0)
    }

    /// Places `sections` one behind the other from `from`; returns where they end.
    pub fn place(&mut self, names: &Names, sections: &[SectionId], from: u32, least_align: u32) -> u32 {
        sections.iter().fold(from, |at, id| {
            let section = names.section(*id);
            let at = aligned(at, section.align.max(least_align));
            self.0.insert(*id, at);
            at.saturating_add(section.size)
        })
    }
}

/// The instruction that a relocation stands for.
pub fn instruction(names: &Names, id: SectionId, relocation: &Relocation) -> Result<Instruction> {
    let code = &names.section(id).data[relocation.at as usize..];
    let known = code.first().and_then(|first| Instruction::at(*first));
    known.filter(|_| relocation.field == Field::Slot).ok_or_else(|| {
        let bytes: Vec<String> = code.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        let place = format!("{}+{:#x}", names.shown(id), relocation.at);
        Failure::new(format!(
            "{place} has an address in an instruction that the linker does not know: {}",
            bytes.join(" ")
        ))
    })
}

/// Writes the instruction at `at` of `code`, which begins at the address `base`, so that it means the address `to`.
pub fn point(code: &mut [u8], at: u32, instruction: Instruction, base: u32, to: u32) -> std::result::Result<(), Unfit> {
    let at = at as usize;
    let Some(place) = code.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<3>()) else {
        return Err(Unfit::OutOfReach);
    };
    *place = instruction.pointed(*place, base.wrapping_add(at as u32), to)?;
    Ok(())
}

/// Says which instruction cannot mean what it shall.
pub fn unfit(names: &Names, id: SectionId, at: u32, means: &str, why: Unfit) -> Failure {
    let why = match why {
        Unfit::OutOfReach => "is out of reach",
        Unfit::NotAligned => "is not at a multiple of four",
    };
    Failure::new(format!("{}+{at:#x}: {means} {why}", names.shown(id)))
}
