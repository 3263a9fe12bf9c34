//! With which features does a release have the library? Few sets, for each target the same.

use crate::lib_job::Recipe;
use crate::targets::Target;

pub struct Set {
    /// The folder of its archive, and the end of the name of its `pkg-config` file.
    pub name: &'static str,
    pub about: &'static str,
    /// Whether an archive for computers differs from the default in it.
    hosted: bool,
    change: fn(Recipe) -> Recipe,
}

/// The default first: its files have the plain names.
const SETS: [Set; 3] = [
    Set {
        name: "default",
        about: "what `cargo xtask lib <target>` builds: every service but desired properties; login by SHA-256",
        hosted: true,
        change: |recipe| recipe,
    },
    Set {
        name: "words",
        about: "the default, and words for statuses and losses, which MicroPython firmware needs",
        hosted: false,
        change: |recipe| recipe.having("words", true),
    },
    Set {
        name: "least",
        about: "no optional service: login, messages, subscriptions, properties and events",
        hosted: true,
        change: |recipe| Recipe { features: Vec::new(), ..recipe },
    },
];

pub const DEFAULT: &str = SETS[0].name;

/// What an archive for computers has by default, which differs from the same set on bare metal.
pub const HOSTED: &str = "every feature, built for speed";

impl Set {
    pub fn recipe(&self, target: &'static Target) -> Recipe {
        (self.change)(Recipe::of(target))
    }

    pub fn about(&self, target: &Target) -> &'static str {
        if target.hosted && self.name == DEFAULT { HOSTED } else { self.about }
    }
}

pub fn of(target: &Target) -> impl Iterator<Item = &'static Set> {
    let hosted = target.hosted;
    SETS.iter().filter(move |set| set.hosted || !hosted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets;

    #[test]
    fn no_two_sets_of_a_target_are_the_same() {
        for target in targets::all() {
            let features: Vec<String> = of(target).map(|set| set.recipe(target).features()).collect();
            let mut distinct = features.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!(distinct.len(), features.len(), "{}", target.triple);
            assert!(
                of(target).next().is_some_and(|set| set.recipe(target).options().is_empty()),
                "the default is first"
            );
        }
    }

    #[test]
    fn firmware_with_micropython_finds_its_words() {
        for target in targets::all() {
            let has_words = |set: &Set| set.recipe(target).features.contains(&"words");
            assert!(of(target).any(has_words), "{}", target.triple);
        }
    }
}
