//! Where is the Python environment for the tests, and does it hold what they ask for?

use std::fs;
use std::path::PathBuf;

use crate::{Failure, Result, places};

/// What is in it, one list after the other: what builds packages, the packages, and those that are installed without what
/// they ask for.
pub const LISTS: [&str; 3] = ["tests/requirements-build.txt", "tests/requirements.txt", ALONE];

/// Its packages ask for versions that cannot be had together with the other lists'.
pub const ALONE: &str = "tests/requirements-alone.txt";

/// The environment's Python.
pub fn python() -> PathBuf {
    folder().join("bin/python")
}

/// Does the environment hold what the tests ask for now?
pub fn is_fresh() -> bool {
    match (asked(), fs::read_to_string(holds())) {
        (Ok(asked), Ok(holds)) => asked == holds && python().exists(),
        _ => false,
    }
}

/// What the lists say.
pub fn asked() -> Result<String> {
    let texts = LISTS.map(|list| {
        let list = places::root().join(list);
        fs::read_to_string(&list).map_err(|e| Failure::at("read", &list, e))
    });
    texts.into_iter().collect()
}

pub fn folder() -> PathBuf {
    places::target().join("venv")
}
/// What it was made from.
pub fn holds() -> PathBuf {
    folder().join("installed-from.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_with_hashes() {
        let text = asked().expect("the lists");
        let joined = text.replace("\\\n", " ");
        let packages: Vec<&str> = joined.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(packages.len() > 15);
        for package in packages {
            assert!(package.contains("==") && package.contains("--hash=sha256:"), "{package}");
        }
    }
}
