//! `cargo xtask lib`: the static library for a target, and the header beside it, in `target/lib/<target>/`; with options, in a
//! folder below that is named after them.

mod archive;
mod debian;
mod features;
mod frame_pointers;
mod host;
pub mod linker;
mod manifest;
mod outside;
mod recipe;
pub mod toolchain;

pub use archive::build;
pub use features::FEATURES;
pub use host::static_library;
pub use recipe::Recipe;

use crate::arguments::Library;
use crate::targets;
use crate::{Failure, Result};

pub fn run(asked: &Library) -> Result {
    let library = build(&recipe(asked)?)?;
    println!("{}", library.archive.display());
    Ok(())
}

/// The recipe for what the command line asks for.
fn recipe(asked: &Library) -> Result<Recipe> {
    let target = targets::named(&asked.target)?;
    let recipe = Recipe { from_source: asked.from_source, pic: asked.pic, ..Recipe::of(target) };
    having(recipe, &asked.features)
}

/// The same recipe with the features of `--with` and without those of `--without`.
pub fn having(recipe: Recipe, features: &[(String, bool)]) -> Result<Recipe> {
    let changes = features.iter().map(|(name, has)| Ok((feature(name)?, *has)));
    let changes: Vec<(&str, bool)> = changes.collect::<Result<_>>()?;
    if let Some((name, _)) = changes.iter().find(|(name, has)| changes.contains(&(name, !has))) {
        return Err(Failure::new(format!("`{name}` is asked for both with `--with` and with `--without`")));
    }
    Ok(changes.into_iter().fold(recipe, |recipe, (name, has)| recipe.having(name, has)))
}

fn feature(name: &str) -> Result<&'static str> {
    FEATURES
        .iter()
        .copied()
        .find(|feature| *feature == name)
        .ok_or_else(|| Failure::new(format!("unknown feature `{name}`; features: {}", FEATURES.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{self, Job};

    #[test]
    fn what_is_asked_for_is_understood() {
        let recipe = understood(&["--without", "upload", "thumbv7m", "--pic", "--with", "sha1"]);
        assert_eq!((recipe.target.triple, recipe.pic, recipe.from_source), ("thumbv7m-none-eabi", true, false));
        assert!(recipe.features.contains(&"sha1") && recipe.features.contains(&"ntp"));
        assert!(!recipe.features.contains(&"upload") && !recipe.features.contains(&"md5"));
    }

    #[test]
    fn bare_metal_signs_with_sha_256_for_the_platform_alone_unless_it_is_asked_for_more() {
        for target in targets::TARGETS {
            let recipe = understood(&[target.triple]);
            for feature in ["md5", "plain", "sha1", "tencent", "tlink"] {
                assert_eq!(recipe.features.contains(&feature), target.hosted, "{}: {feature}", target.triple);
            }
            assert!(["ntp", "register", "upload"].iter().all(|feature| recipe.features.contains(feature)));
        }
        let with: Vec<&str> = features::OPT_IN.iter().flat_map(|feature| ["--with", feature]).collect();
        assert_eq!(understood(&[&["thumbv6m"], &with[..]].concat()).features, *FEATURES);
        let most = understood(&["x86_64", "--without", "sha1"]).features;
        assert!(!most.contains(&"sha1") && most.len() == FEATURES.len() - 1);
    }

    #[test]
    fn archives_for_computers_alone_are_built_for_speed() {
        for target in targets::TARGETS {
            let expected = if target.hosted { "hosted" } else { "release" };
            assert_eq!(understood(&[target.triple]).profile(), expected, "{}", target.triple);
            assert_eq!(understood(&[target.triple, "--pic"]).profile(), "release", "{}", target.triple);
        }
        assert!(manifest::settings("profile.hosted").any(|setting| setting == ("opt-level", "2")));
    }

    #[test]
    fn what_cannot_be_built_is_told() {
        for words in [["--without", "sha256"], ["--with", "sha256"]] {
            let told = asked(&[&["thumbv7m"], &words[..]].concat()).err().map(|failure| failure.to_string());
            assert!(told.is_some_and(|told| told.contains("unknown feature `sha256`")), "{words:?}");
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

    fn asked(words: &[&str]) -> Result<Recipe> {
        match arguments::read(["lib"].iter().chain(words))? {
            Job::Library(library) => recipe(&library),
            other => panic!("{other:?}"),
        }
    }

    fn understood(words: &[&str]) -> Recipe {
        asked(words).expect("a recipe")
    }
}
