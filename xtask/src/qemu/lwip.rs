//! Where does lwIP's source come from? MicroPython has it as a submodule, which the unix port does not need; Debian has
//! it as a source package.

use crate::micropython::source::Source;
use crate::micropython::{debian, git};
use crate::{Failure, Result, places};

const FOLDER: &str = "lib/lwip";

/// Fills the folder in MicroPython's tree, if that is our copy of it.
pub fn ensure(source: &Source) -> Result {
    let folder = source.tree.join(FOLDER);
    if folder.join("src/core/tcp.c").exists() {
        return Ok(());
    }
    if !source.tree.starts_with(places::target()) {
        return Err(Failure::new(format!(
            "{} has no lwIP: run `git submodule update --init {FOLDER}` there",
            places::shown(&source.tree)
        )));
    }
    if source.tree.join(".git").exists() {
        return git::submodule(&source.tree, FOLDER, "lwIP");
    }
    debian::fetch_one("lwip", "lwIP", &folder)
}
