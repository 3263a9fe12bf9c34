//! Which object defines a name? Members of archives come in as they are needed.

use std::collections::{BTreeMap, BTreeSet};

use super::input::{Binding, Input, Kind, Object, Place, Section};
use super::literals;
use crate::{Failure, Result};

/// A section by the numbers of its object and of itself.
pub type SectionId = (usize, usize);

/// What a symbol means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A section and an offset in it.
    In(SectionId, u32),
    Absolute(u32),
    Undefined(String),
}

/// The objects that are linked, and the names that they share.
#[derive(Debug)]
pub struct Names {
    pub objects: Vec<Object>,
    /// Object and symbol of each name.
    defined: BTreeMap<String, (usize, usize)>,
    /// The size of those that are common.
    common: BTreeMap<String, u32>,
}

impl Names {
    /// All objects, and the members of archives that these need, or that define one of `roots`.
    pub fn gather(inputs: Vec<Input>, roots: &[String]) -> Result<Self> {
        let mut names = Names { objects: Vec::new(), defined: BTreeMap::new(), common: BTreeMap::new() };
        let mut members = Vec::new();
        for input in inputs {
            match input {
                Input::Object(object) => names.add(object)?,
                Input::Archive(of) => members.extend(of),
            }
        }
        loop {
            let wanted: BTreeSet<String> = roots.iter().cloned().chain(names.undefined()).collect();
            let defines = |member: &Object| {
                let mut defined = member.symbols.iter().filter(|one| is_definition(one));
                defined.any(|one| wanted.contains(&one.name) && !names.defined.contains_key(&one.name))
            };
            let Some(next) = members.iter().position(defines) else { return Ok(names) };
            names.add(members.remove(next))?;
        }
    }

    pub fn section(&self, (object, section): SectionId) -> &Section {
        &self.objects[object].sections[section]
    }

    /// For people: the object and the section.
    pub fn shown(&self, id: SectionId) -> String {
        format!("{}: {}", self.objects[id.0].name, self.section(id).name)
    }

    /// What the symbol of that number means in an object.
    pub fn target(&self, object: usize, symbol: usize) -> Target {
        let found = &self.objects[object].symbols[symbol];
        if found.binding == Binding::Local {
            return self.place(object, symbol);
        }
        match self.defined.get(&found.name) {
            Some((object, symbol)) => self.place(*object, *symbol),
            None if found.binding == Binding::Weak => Target::Absolute(0),
            None => Target::Undefined(found.name.clone()),
        }
    }

    /// What a name means that all objects share.
    pub fn named(&self, name: &str) -> Target {
        match self.defined.get(name) {
            Some((object, symbol)) => self.place(*object, *symbol),
            None => Target::Undefined(name.to_owned()),
        }
    }

    fn place(&self, object: usize, symbol: usize) -> Target {
        let found = &self.objects[object].symbols[symbol];
        match found.place {
            Place::In(section, value) => Target::In((object, section), value),
            Place::Absolute(value) => Target::Absolute(value),
            Place::Undefined | Place::Common(..) => Target::Undefined(found.name.clone()),
        }
    }

    /// Names that an object refers to and none defines.
    fn undefined(&self) -> impl Iterator<Item = String> {
        let symbols = self.objects.iter().flat_map(|object| &object.symbols);
        let undefined = symbols.filter(|symbol| symbol.place == Place::Undefined && symbol.binding == Binding::Global);
        undefined.filter(|symbol| !self.defined.contains_key(&symbol.name)).map(|symbol| symbol.name.clone())
    }

    fn add(&mut self, mut object: Object) -> Result {
        literals::separate(&mut object)?;
        let number = self.objects.len();
        for index in 0..object.symbols.len() {
            if !is_definition(&object.symbols[index]) {
                continue;
            }
            let common = match object.symbols[index].place {
                Place::Common(size, align) => Some((size, align)),
                _ => None,
            };
            let symbol = &object.symbols[index];
            let takes_over = match self.defined.get(&symbol.name) {
                None => true,
                Some((of, other)) => {
                    let before = if *of == number { &object } else { &self.objects[*of] };
                    let was_common = self.common.get(&symbol.name);
                    match (common, was_common) {
                        (Some((size, _)), Some(before)) => size > *before,
                        (Some(_), None) => false,
                        (None, Some(_)) => true,
                        (None, None) if symbol.binding == Binding::Weak => false,
                        (None, None) if before.symbols[*other].binding == Binding::Weak => true,
                        (None, None) => {
                            let (first, name) = (&before.name, &symbol.name);
                            return Err(Failure::new(format!("{}: {name} is defined in {first} already", object.name)));
                        }
                    }
                }
            };
            if !takes_over {
                continue;
            }
            let name = symbol.name.clone();
            if let Some((size, align)) = common {
                let section = object.sections.len();
                object.sections.push(zeros(format!(".bss.{name}"), size, align));
                object.symbols[index].place = Place::In(section, 0);
                self.common.insert(name.clone(), size);
            } else {
                self.common.remove(&name);
            }
            self.defined.insert(name, (number, index));
        }
        self.objects.push(object);
        Ok(())
    }
}

fn is_definition(symbol: &super::input::Symbol) -> bool {
    symbol.binding != Binding::Local && symbol.place != Place::Undefined
}

fn zeros(name: String, size: u32, align: u32) -> Section {
    Section { name, kind: Kind::Zeros, align, data: Vec::new(), size, relocations: Vec::new(), loads: Vec::new() }
}
