//! Where does `mip` come from, to install a package as a board does? From micropython-lib: a submodule of MicroPython's, of
//! which Debian's source package has this part by a patch.

use std::fs;
use std::path::{Path, PathBuf};

use crate::micropython::{git, source};
use crate::{Failure, Result, places};

const LIBRARY: &str = "lib/micropython-lib";
/// `mip`, and what it downloads with.
const MODULES: [&str; 2] = ["mip", "requests"];

/// Puts the modules into `folder`.
pub fn ensure(folder: &Path) -> Result {
    if MODULES.iter().all(|module| folder.join(module).join("__init__.py").exists()) {
        return Ok(());
    }
    let library = library()?;
    for module in MODULES {
        let found = file_of(&library, module)
            .ok_or_else(|| Failure::new(format!("{} has no `{module}`", places::shown(&library))))?;
        let to = folder.join(module);
        fs::create_dir_all(&to).map_err(|e| Failure::at("make", &to, e))?;
        fs::copy(&found, to.join("__init__.py")).map_err(|e| Failure::at("copy", &found, e))?;
    }
    Ok(())
}

/// The module's file in micropython-lib.
fn file_of(library: &Path, module: &str) -> Option<PathBuf> {
    let parts = ["micropython", "python-ecosys"];
    let files = parts.map(|part| library.join(part).join(module).join(module).join("__init__.py"));
    files.into_iter().find(|file| file.exists())
}

/// micropython-lib in MicroPython's tree; where somebody else's has none, in our copy.
fn library() -> Result<PathBuf> {
    let has_all = |library: &PathBuf| MODULES.iter().all(|module| file_of(library, module).is_some());
    let named = source::named().map(|tree| tree.join(LIBRARY)).filter(has_all);
    if let Some(library) = named {
        return Ok(library);
    }
    let tree = source::oldest()?.tree;
    let library = tree.join(LIBRARY);
    if !has_all(&library) && tree.join(".git").exists() {
        git::submodule(&tree, LIBRARY, "micropython-lib")?;
    }
    Ok(library)
}
