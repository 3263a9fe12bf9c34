//! How does a compiler with core's source come from Debian? Its packages `rustc-web` and `rust-web-src` are unpacked under
//! `target/`, never installed.

use std::path::{Path, PathBuf};

use crate::script::{self, Word};
use crate::unpacked::{self, Unpacked};
use crate::{Failure, Result};

const COMPILER: Unpacked = Unpacked {
    name: "Debian's Rust compiler and its source",
    packages: &["rustc-web", "rust-web-src"],
    folder: "lib/debian",
    log: "lib",
};

/// The compiler, if it was fetched before; core's source is where it looks for it.
pub fn fetched() -> Option<PathBuf> {
    Some(COMPILER.tree().join("rustc")).filter(|compiler| compiler.is_file())
}

/// Fetches the compiler.
pub fn fetch() -> Result<PathBuf> {
    COMPILER.fetch(wrapper)?;
    fetched().ok_or_else(|| Failure::new("what apt brought has no compiler"))
}

/// Puts into `tree` what starts its compiler, with the libraries that came with it.
fn wrapper(tree: &Path) -> Result {
    let libraries = unpacked::libraries(tree)?;
    let words =
        ["env".into(), Word::Places("LD_LIBRARY_PATH", vec![libraries]), Word::Place(tree.join("usr/bin/rustc"))];
    script::write(&tree.join("rustc"), &words)
}
