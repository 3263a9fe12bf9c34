//! `cargo xtask size`: what does the library take, in flash and in memory? Measured, and written to `docs/size.md`.

mod compare;
mod elf;
mod image;
mod link;
mod panics;
mod table;

use std::fs;

use crate::lib_job::{FEATURES, Recipe};
use crate::setup::{self, Purpose};
use crate::targets::{self, TARGETS, Target};
use crate::{Failure, Result, places, step};
use image::Image;

pub use link::linker;

/// The target that budgets and features are measured on.
const REFERENCE: &str = "thumbv7em-none-eabi";

/// What was measured: each build with its name.
pub struct Measured {
    pub targets: Vec<(&'static str, Image)>,
    /// On [`REFERENCE`]; the first has every feature.
    pub builds: Vec<(String, Image)>,
    pub entry_points: usize,
}

/// Writes the table; with `check`, fails where the table is stale instead. In either case it fails if the library for a
/// bare-metal target can panic.
pub fn run(check: bool) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Size])?;
    let file = places::root().join("docs/size.md");
    if check {
        let kept = fs::read_to_string(&file).map_err(|e| Failure::at("read", &file, e))?;
        compare::with(&kept, &table::of(&measured_for_check()?), &names_of_rows())?;
        println!("{} is up to date, and nothing that was linked for it can panic.", places::shown(&file));
    } else {
        let now = table::of(&measured()?);
        fs::write(&file, &now).map_err(|e| Failure::at("write", &file, e))?;
        print!("{now}");
    }
    Ok(())
}

fn measured() -> Result<Measured> {
    let mut measured = Measured { targets: Vec::new(), builds: Vec::new(), entry_points: link::entry_points()?.len() };
    for target in &TARGETS {
        let image = measure(Recipe::of(target), target.triple)?;
        if target.triple == REFERENCE {
            measured.builds.push((WHOLE.to_owned(), image.clone()));
        }
        measured.targets.push((target.triple, image));
    }
    let target = targets::named(REFERENCE)?;
    for (name, recipe) in builds(target) {
        let image = measure(recipe, &format!("{REFERENCE}, {name}"))?;
        measured.builds.push((name, image));
    }
    Ok(measured)
}

/// The first rows: what does not take too long to have in every test.
fn measured_for_check() -> Result<Measured> {
    let reference = measure(Recipe::of(targets::named(REFERENCE)?), REFERENCE)?;
    let mut measured = Measured { targets: Vec::new(), builds: Vec::new(), entry_points: link::entry_points()?.len() };
    for target in TARGETS.iter().filter(|target| !target.hosted && !reference.core_from_source) {
        let is_reference = target.triple == REFERENCE;
        let image = if is_reference { reference.clone() } else { measure(Recipe::of(target), target.triple)? };
        measured.targets.push((target.triple, image));
    }
    measured.builds.push((WHOLE.to_owned(), reference));
    Ok(measured)
}

fn measure(recipe: Recipe, name: &str) -> Result<Image> {
    step::say(&format!("measuring {name}"));
    image::of(recipe, &link::entry_points()?)
}

/// The name of the build with every feature.
const WHOLE: &str = "every feature";

/// Builds that differ from that: what each feature costs, and what a core from source saves.
fn builds(target: &'static Target) -> Vec<(String, Recipe)> {
    let usual = || Recipe::of(target);
    let without = |features: &[&'static str]| Recipe { without: features.to_vec(), ..usual() };
    let mut builds: Vec<_> =
        FEATURES.iter().map(|feature| (format!("without {feature}"), without(&[feature]))).collect();
    builds.push(("without any of these".to_owned(), without(&FEATURES)));
    let from_source = Recipe { from_source: true, ..usual() };
    builds.push(("core from source".to_owned(), from_source));
    let flags = vec!["-Cpanic=immediate-abort", "-Zunstable-options"];
    let smallest = Recipe { from_source: true, flags, ..usual() };
    builds.push(("core from source, `-Cpanic=immediate-abort`".to_owned(), smallest));
    builds
}

/// What the rows are called that a table has which is not stale.
fn names_of_rows() -> Vec<String> {
    let targets = TARGETS.iter().map(|target| target.triple.to_owned());
    let builds = TARGETS.iter().filter(|target| target.triple == REFERENCE).flat_map(builds).map(|(name, _)| name);
    targets.chain([WHOLE.to_owned()]).chain(builds).collect()
}
