//! `cargo xtask lib`: the static library for a target, and the header beside it, in `target/lib/<target>/`; with options, in a
//! folder below that is named after them.

mod archive;
mod debian;
mod frame_pointers;
mod outside;
mod recipe;
pub mod toolchain;

pub use archive::build;
pub use recipe::{FEATURES, OPT_IN, Recipe};

use crate::targets::{self, Target};
use crate::{Failure, Result};

const TAKES: &str =
    "`lib` takes a target and, if you like, `--pic`, `--from-source`, `--with <feature>` and `--without <feature>`";

pub fn run(words: &[&str]) -> Result {
    let library = build(&asked(words)?)?;
    println!("{}", library.archive.display());
    Ok(())
}

/// What the command line asks for.
fn asked(words: &[&str]) -> Result<Recipe> {
    let mut target: Option<&'static Target> = None;
    let (mut pic, mut from_source, mut changes) = (false, false, Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "--pic" => pic = true,
            "--from-source" => from_source = true,
            "--with" | "--without" => changes.push((feature(words.next().ok_or(TAKES)?)?, word == "--with")),
            name if target.is_none() && !name.starts_with('-') => target = Some(targets::named(name)?),
            other => return Err(Failure::new(format!("{TAKES}, not `{other}`"))),
        }
    }
    let target = target.ok_or_else(|| format!("{TAKES}; the targets: {}", targets::list()))?;
    if let Some((name, _)) = changes.iter().find(|(name, has)| changes.contains(&(name, !has))) {
        return Err(Failure::new(format!("`{name}` is asked for both with `--with` and with `--without`")));
    }
    let recipe = Recipe { from_source, pic, ..Recipe::of(target) };
    Ok(changes.into_iter().fold(recipe, |recipe, (name, has)| recipe.having(name, has)))
}

fn feature(name: &str) -> Result<&'static str> {
    FEATURES.into_iter().find(|feature| *feature == name).ok_or_else(|| {
        Failure::new(format!("`{name}` is no feature that can be chosen; these are: {}", FEATURES.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_understood() {
        let recipe = understood(&["--without", "upload", "thumbv7m", "--pic", "--with", "sha1"]);
        assert_eq!((recipe.target.triple, recipe.pic, recipe.from_source), ("thumbv7m-none-eabi", true, false));
        assert_eq!(recipe.features, ["sha1", "ntp", "register"]);
    }

    #[test]
    fn bare_metal_signs_with_sha_256_for_the_platform_alone_unless_it_is_asked_for_more() {
        for target in targets::TARGETS {
            let recipe = understood(&[target.triple]);
            let usual: &[&str] = if target.hosted { &FEATURES } else { &["ntp", "register", "upload"] };
            assert_eq!(recipe.features, usual, "{}", target.triple);
        }
        assert_eq!(understood(&["thumbv6m", "--with", "md5", "--with", "sha1", "--with", "plain"]).features, FEATURES);
        assert_eq!(
            understood(&["x86_64", "--without", "sha1"]).features,
            ["md5", "plain", "ntp", "register", "upload"]
        );
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for words in [&[][..], &["--pic"], &["thumbv7m", "riscv32imc"], &["thumbv7m", "--without"], &["--fast"]] {
            assert!(asked(words).is_err_and(|failure| failure.to_string().starts_with(TAKES)), "{words:?}");
        }
        for words in [["--without", "sha256"], ["--with", "sha256"]] {
            assert!(asked(&[&["thumbv7m"], &words[..]].concat()).is_err(), "{words:?}");
        }
        let both = asked(&["thumbv7m", "--with", "sha1", "--without", "sha1"]);
        assert!(both.is_err_and(|failure| failure.to_string().contains("`sha1` is asked for both")));
    }

    #[test]
    fn options_name_a_folder_in_one_order() {
        assert!(understood(&["thumbv6m"]).options().is_empty());
        let options = ["--pic", "--without", "upload", "--with", "sha1", "--without", "ntp", "--from-source"];
        let named = understood(&[&["thumbv6m"], &options[..]].concat()).options().join("-");
        assert_eq!(named, "with-sha1-without-ntp-without-upload-from-source-pic");
        let as_ever = ["thumbv6m", "--without", "md5", "--with", "upload"];
        assert!(understood(&as_ever).options().is_empty(), "it has them, or lacks them, anyway");
        assert_eq!(understood(&["x86_64", "--without", "md5"]).options(), ["without-md5"]);
    }

    fn understood(words: &[&str]) -> Recipe {
        asked(words).map_err(|failure| failure.to_string()).expect("a recipe")
    }
}
