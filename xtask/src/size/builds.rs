//! Which builds of the library are measured?

use super::image::{self, Image};
use super::link;
use crate::lib_job::{FEATURES, Recipe};
use crate::targets::{self, TARGETS, Target};
use crate::{Result, step};

/// The target that budgets and features are measured on.
pub const REFERENCE: &str = "thumbv7em-none-eabi";

/// What was measured: each build with its name.
pub struct Measured {
    pub targets: Vec<(&'static str, Image)>,
    /// [`REFERENCE`] as `cargo xtask lib` builds it.
    pub whole: Image,
    /// Other builds for [`REFERENCE`].
    pub builds: Vec<(String, Image)>,
    pub entry_points: usize,
}

impl Measured {
    /// The build of that name for [`REFERENCE`].
    pub fn build(&self, name: &str) -> Option<&Image> {
        let others = self.builds.iter().find(|(build, _)| build == name).map(|(_, image)| image);
        if name == WHOLE { Some(&self.whole) } else { others }
    }
}

/// On how many targets it is known that nothing panics: [`image::of`] fails where something can.
pub fn proven(measured: &Measured) -> String {
    let bare = || TARGETS.iter().filter(|target| !target.hosted).map(|target| target.triple);
    let (done, left): (Vec<&str>, Vec<&str>) =
        bare().partition(|triple| *triple == REFERENCE || measured.targets.iter().any(|(name, _)| name == triple));
    let mut line = format!(
        "Measured, and found without a way to panic: {} of {} bare-metal targets ({})",
        done.len(),
        bare().count(),
        done.join(", ")
    );
    if !left.is_empty() {
        line += &format!("; not looked at, since their core would have to be compiled: {}", left.join(", "));
    }
    line
}

pub fn measured() -> Result<Measured> {
    let reference = targets::named(REFERENCE)?;
    let whole = measure(Recipe::of(reference), REFERENCE)?;
    let targets = each(&whole, TARGETS.iter())?;
    let mut others = Vec::new();
    for (name, recipe) in builds(reference) {
        let image = measure(recipe, &format!("{REFERENCE}, {name}"))?;
        others.push((name, image));
    }
    Ok(Measured { targets, whole, builds: others, entry_points: link::entry_points()?.len() })
}

/// The first rows: what does not take too long to have in every test.
pub fn measured_for_check() -> Result<Measured> {
    let whole = measure(Recipe::of(targets::named(REFERENCE)?), REFERENCE)?;
    // With a core from source, `memcpy` and the like are others than in the rows of targets.
    let quick = |target: &&Target| !target.hosted && !whole.core_from_source;
    let targets = each(&whole, TARGETS.iter().filter(quick))?;
    let reference = targets::named(REFERENCE)?;
    let mut others = Vec::new();
    // What is left out of the default must not panic either, and the least has a budget of its own.
    for (name, recipe) in builds(reference).into_iter().filter(|(name, _)| [EVERYTHING, SMALLEST].contains(&&**name)) {
        let image = measure(recipe, &format!("{REFERENCE}, {name}"))?;
        others.push((name, image));
    }
    Ok(Measured { targets, whole, builds: others, entry_points: link::entry_points()?.len() })
}

/// One image for each of `targets`; that for [`REFERENCE`] is there already.
fn each(whole: &Image, targets: impl Iterator<Item = &'static Target>) -> Result<Vec<(&'static str, Image)>> {
    let image = |target: &'static Target| match target.triple {
        REFERENCE => Ok(whole.clone()),
        name => measure(Recipe::of(target), name),
    };
    targets.map(|target| Ok((target.triple, image(target)?))).collect()
}

fn measure(recipe: Recipe, name: &str) -> Result<Image> {
    step::say(&format!("measuring {name}"));
    image::of(recipe, &link::entry_points()?)
}

/// The name of the build that `cargo xtask lib` makes.
pub const WHOLE: &str = "default";

/// The build in which all that can be linked is looked at for panics.
const EVERYTHING: &str = "every feature";

/// The build with no feature at all.
pub const SMALLEST: &str = "none of these";

/// Builds that differ from the default: what each feature costs, and what a core from source saves.
fn builds(target: &'static Target) -> Vec<(String, Recipe)> {
    let usual = || Recipe::of(target);
    let features = &usual().features;
    let mut builds: Vec<_> = FEATURES
        .iter()
        .map(|feature| {
            let has = features.contains(feature);
            (format!("{} {feature}", if has { "without" } else { "with" }), usual().having(feature, !has))
        })
        .collect();
    builds.push((EVERYTHING.to_owned(), Recipe { features: FEATURES.clone(), ..usual() }));
    builds.push((SMALLEST.to_owned(), Recipe { features: Vec::new(), ..usual() }));
    let from_source = Recipe { from_source: true, ..usual() };
    builds.push(("core from source".to_owned(), from_source));
    let flags = vec!["-Cpanic=immediate-abort", "-Zunstable-options"];
    let smallest = Recipe { from_source: true, flags, ..usual() };
    builds.push(("core from source, `-Cpanic=immediate-abort`".to_owned(), smallest));
    builds
}

/// What the rows are called that a table has which is not stale.
pub fn names_of_rows() -> Vec<String> {
    let targets = TARGETS.iter().map(|target| target.triple.to_owned());
    let builds = TARGETS.iter().filter(|target| target.triple == REFERENCE).flat_map(builds).map(|(name, _)| name);
    targets.chain([WHOLE.to_owned()]).chain(builds).collect()
}
