//! `cargo xtask size`: what does the library take, in flash and in memory? Measured, and written to `docs/size.md`.

mod compare;
mod elf;
mod image;
mod link;
mod table;

use std::fs;

use crate::lib_job::Recipe;
use crate::setup::{self, Purpose};
use crate::targets::{self, TARGETS};
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

/// Writes the table; with `check`, fails where the table is stale instead.
pub fn run(check: bool) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Size])?;
    let measured = measure()?;
    let file = places::root().join("docs/size.md");
    let now = table::of(&measured);
    if check {
        let kept = fs::read_to_string(&file).map_err(|e| Failure::at("read", &file, e))?;
        compare::with(&kept, &now)?;
        println!("{} is up to date.", places::shown(&file));
    } else {
        fs::write(&file, &now).map_err(|e| Failure::at("write", &file, e))?;
        print!("{now}");
    }
    Ok(())
}

fn measure() -> Result<Measured> {
    let entry_points = link::entry_points()?;
    let measure = |recipe: Recipe, name: &str| {
        step::say(&format!("measuring {name}"));
        image::of(recipe, &entry_points)
    };
    let mut measured = Measured { targets: Vec::new(), builds: Vec::new(), entry_points: entry_points.len() };
    for target in &TARGETS {
        let image = measure(Recipe::of(target), target.triple)?;
        if target.triple == REFERENCE {
            measured.builds.push(("every feature".to_owned(), image.clone()));
        }
        measured.targets.push((target.triple, image));
    }
    let target = targets::named(REFERENCE)?;
    for (name, recipe) in builds() {
        let name = name.to_owned();
        let image = measure(recipe(Recipe::of(target)), &format!("{REFERENCE}, {name}"))?;
        measured.builds.push((name, image));
    }
    Ok(measured)
}

/// A name, and how the build differs from the usual one, which has every feature.
type Build = (&'static str, fn(Recipe) -> Recipe);

fn builds() -> [Build; 8] {
    [
        ("without md5", |usual| Recipe { without: vec!["md5"], ..usual }),
        ("without sha1", |usual| Recipe { without: vec!["sha1"], ..usual }),
        ("without md5 and sha1", |usual| Recipe { without: vec!["md5", "sha1"], ..usual }),
        ("without ntp", |usual| Recipe { without: vec!["ntp"], ..usual }),
        ("without register", |usual| Recipe { without: vec!["register"], ..usual }),
        ("without upload", |usual| Recipe { without: vec!["upload"], ..usual }),
        ("core from source", |usual| Recipe { from_source: true, ..usual }),
        ("core from source, `-Cpanic=immediate-abort`", |usual| Recipe {
            from_source: true,
            flags: vec!["-Cpanic=immediate-abort", "-Zunstable-options"],
            ..usual
        }),
    ]
}
