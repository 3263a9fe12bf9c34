//! Which sections does the result need? Those that can be reached from its entry points.

use std::collections::BTreeSet;

use super::input::{Kind, Literal};
use super::names::{Names, SectionId, Target};

#[derive(Debug)]
pub struct Live {
    /// In the order of the command line.
    pub sections: BTreeSet<SectionId>,
    /// A name that nothing defines, and the section that refers to it first.
    pub undefined: Vec<(String, SectionId)>,
}

/// All that `roots` need, and the sections that are kept always.
pub fn reachable(names: &Names, roots: &[String]) -> Live {
    let mut live = Live { sections: BTreeSet::new(), undefined: Vec::new() };
    let mut open: Vec<SectionId> = roots.iter().filter_map(|root| section_of(&names.named(root))).collect();
    for (object, of) in names.objects.iter().enumerate() {
        let kept = of.sections.iter().enumerate().filter(|(_, section)| section.kind == Kind::Vectors);
        open.extend(kept.map(|(section, _)| (object, section)));
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !live.sections.insert(id) {
            continue;
        }
        for symbol in referred(names, id) {
            match names.target(id.0, symbol) {
                Target::In(section, _) => open.push(section),
                Target::Absolute(_) => {}
                Target::Undefined(name) => {
                    if seen.insert(name.clone()) {
                        live.undefined.push((name, id));
                    }
                }
            }
        }
    }
    live
}

/// The symbols that a section refers to.
fn referred(names: &Names, id: SectionId) -> impl Iterator<Item = usize> {
    let section = names.section(id);
    let by_literals = section.loads.iter().filter_map(|load| match load.literal {
        Literal::Address { symbol, .. } => Some(symbol),
        Literal::Constant(_) => None,
    });
    section.relocations.iter().map(|relocation| relocation.symbol).chain(by_literals)
}

fn section_of(target: &Target) -> Option<SectionId> {
    match target {
        Target::In(section, _) => Some(*section),
        _ => None,
    }
}
