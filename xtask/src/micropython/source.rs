//! Where does MicroPython's source come from? The folder that `MICROPYTHON_DIR` names, else a copy under `target/`, which
//! is fetched once: of the oldest version that is good for it, from upstream or else from Debian. A second copy, of the
//! newest version that Debian has, is for one of the checks.

use std::fs;
use std::path::{Path, PathBuf};

use super::version::{self, Version};
use super::{debian, git};
use crate::{Failure, Result, places};

pub struct Source {
    pub tree: PathBuf,
    pub version: Version,
}

/// The folder that `MICROPYTHON_DIR` names.
pub fn named() -> Option<PathBuf> {
    let named = std::env::var_os("MICROPYTHON_DIR")?;
    Some(std::path::absolute(&named).unwrap_or_else(|_| named.into()))
}

/// What every job builds.
pub fn find_or_fetch() -> Result<Source> {
    named().map_or_else(oldest, |tree| checked(tree, "MICROPYTHON_DIR"))
}

/// The copy of the oldest version.
pub fn oldest() -> Result<Source> {
    copy("oldest", |tree| {
        let from_git = git::fetch(tree);
        let Err(why_not_git) = from_git else {
            return Ok(());
        };
        afresh(tree)?;
        debian::fetch(debian::STABLE, tree)
            .map_err(|why_not_debian| Failure::new(format!("{why_not_git}; {why_not_debian}")))
    })
}

/// The version that is compared with the oldest: the one that `MICROPYTHON_DIR` names, else a copy of the newest that Debian
/// has.
pub fn newest() -> Result<Source> {
    let of_debian = || copy("newest", |tree| debian::fetch(debian::UNSTABLE, tree));
    named().map_or_else(of_debian, |tree| checked(tree, "MICROPYTHON_DIR"))
}

/// Why there is none to be tried, if there is a reason.
pub fn no_newest() -> Option<&'static str> {
    let reason =
        "the newest MicroPython was not tried: it comes from Debian, which this system's package manager is not for";
    (named().is_none() && !debian::is_here()).then_some(reason)
}

/// The copy of that name. It is fetched into another folder, which gets the name only when it is complete.
fn copy(name: &str, fetch: impl FnOnce(&Path) -> Result) -> Result<Source> {
    let tree = places::micropython().join(name);
    if !tree.exists() {
        let unfinished = places::micropython().join("unfinished");
        afresh(&unfinished)?;
        fetch(&unfinished).map_err(|why| {
            Failure::new(format!(
                "cannot get MicroPython's source: {why}; set MICROPYTHON_DIR to a MicroPython {} or newer",
                version::OLDEST
            ))
        })?;
        fs::rename(&unfinished, &tree).map_err(|e| Failure::at("make", &tree, e))?;
    }
    checked(tree, "the copy under target/")
}

fn afresh(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| Failure::at("remove", folder, e))?;
    }
    fs::create_dir_all(folder).map_err(|e| Failure::at("make", folder, e))
}

/// The tree, if it is one that can be built from; `whose` it is says who has to do something about it if not.
fn checked(tree: PathBuf, whose: &str) -> Result<Source> {
    let shown = places::shown(&tree);
    let Some(version) = version::of(&tree) else {
        return Err(format!(
            "{whose} ({shown}) is not a MicroPython source tree: it has no py/mpconfig.h that tells the version"
        )
        .into());
    };
    if version < version::OLDEST {
        return Err(format!(
            "{whose} ({shown}) is MicroPython {version}: check out v{} or newer there, or unset it",
            version::OLDEST
        )
        .into());
    }
    if !tree.join("lib/mbedtls/library").exists() {
        return Err(
            format!("{whose} ({shown}) has no mbedTLS: run `git submodule update --init lib/mbedtls` there").into()
        );
    }
    Ok(Source { tree, version })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a tree with this in `py/mpconfig.h`.
    fn refused(name: &str, header: &str) -> String {
        let tree = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(tree.join("py")).expect("a folder");
        fs::write(tree.join("py/mpconfig.h"), header).expect("a file");
        let refusal = checked(tree.clone(), "MICROPYTHON_DIR").map(|_| ());
        fs::remove_dir_all(&tree).expect("the folder to go");
        refusal.expect_err("a refusal").to_string()
    }

    fn header(minor: u32) -> String {
        format!(
            "#define MICROPY_VERSION_MAJOR 1\n#define MICROPY_VERSION_MINOR {minor}\n#define MICROPY_VERSION_MICRO 0\n"
        )
    }

    #[test]
    fn a_tree_that_will_not_do_is_told_in_one_line_with_what_to_do() {
        for (name, header, to_do) in [
            ("old", header(24), "check out v1.25.0 or newer there"),
            ("other", String::new(), "is not a MicroPython source tree"),
            ("bare", header(25), "git submodule update --init lib/mbedtls"),
        ] {
            let line = refused(name, &header);
            assert!(line.starts_with("MICROPYTHON_DIR (") && line.contains(to_do) && !line.contains('\n'), "{line}");
        }
    }
}
