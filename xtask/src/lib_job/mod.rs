//! `cargo xtask lib`: the static library for a target, and the header beside it, in `target/lib/<target>/`.

mod archive;
mod debian;
mod recipe;
pub mod toolchain;

pub use archive::build;
pub use recipe::{FEATURES, Recipe};

use crate::targets::{self, Target};
use crate::{Failure, Result};

const TAKES: &str = "`lib` takes a target and, if you like, `--pic`, `--from-source` and `--without <feature>`";

pub fn run(words: &[&str]) -> Result {
    let library = build(&asked(words)?)?;
    println!("{}", library.archive.display());
    Ok(())
}

/// What the command line asks for.
fn asked(words: &[&str]) -> Result<Recipe> {
    let mut target: Option<&'static Target> = None;
    let (mut pic, mut from_source, mut without) = (false, false, Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "--pic" => pic = true,
            "--from-source" => from_source = true,
            "--without" => without.push(feature(words.next().ok_or(TAKES)?)?),
            name if target.is_none() && !name.starts_with('-') => target = Some(targets::named(name)?),
            other => return Err(Failure::new(format!("{TAKES}, not `{other}`"))),
        }
    }
    let target = target.ok_or_else(|| format!("{TAKES}; the targets: {}", targets::list()))?;
    Ok(Recipe { without, from_source, pic, ..Recipe::of(target) })
}

fn feature(name: &str) -> Result<&'static str> {
    FEATURES.into_iter().find(|feature| *feature == name).ok_or_else(|| {
        Failure::new(format!("`{name}` is no feature that can be left out; these are: {}", FEATURES.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_understood() {
        let recipe = asked(&["--without", "md5", "thumbv7m", "--pic"]).map_err(|failure| failure.to_string());
        let recipe = recipe.expect("a recipe");
        assert_eq!((recipe.target.triple, recipe.pic, recipe.from_source), ("thumbv7m-none-eabi", true, false));
        assert_eq!(recipe.without, ["md5"]);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for words in [&[][..], &["--pic"], &["thumbv7m", "riscv32imc"], &["thumbv7m", "--without"], &["--fast"]] {
            assert!(asked(words).is_err_and(|failure| failure.to_string().starts_with(TAKES)), "{words:?}");
        }
        assert!(asked(&["thumbv7m", "--without", "sha256"]).is_err());
    }
}
