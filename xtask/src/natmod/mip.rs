//! Where does `mip` come from, to install a package as a board does? From micropython-lib: a submodule of MicroPython's, of
//! which Debian's source package has this part as a patch.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::micropython::source::{self, Source};
use crate::micropython::{debian, git};
use crate::{Failure, Result, places, step};

const LIBRARY: &str = "lib/micropython-lib";
/// `mip`, and what it downloads with.
const MODULES: [&str; 2] = ["mip", "requests"];

/// Puts the modules into `folder`.
pub fn ensure(folder: &Path) -> Result {
    if MODULES.iter().all(|module| folder.join(module).join("__init__.py").exists()) {
        return Ok(());
    }
    let library = library(&source::find_or_fetch()?)?;
    for module in MODULES {
        let found = ["micropython", "python-ecosys"]
            .map(|part| library.join(part).join(module).join(module).join("__init__.py"))
            .into_iter()
            .find(|file| file.exists())
            .ok_or_else(|| Failure::new(format!("{} has no `{module}`", places::shown(&library))))?;
        let to = folder.join(module);
        fs::create_dir_all(&to).map_err(|e| Failure::at("make", &to, e))?;
        fs::copy(&found, to.join("__init__.py")).map_err(|e| Failure::at("copy", &found, e))?;
    }
    Ok(())
}

fn library(source: &Source) -> Result<PathBuf> {
    let library = source.tree.join(LIBRARY);
    if library.join("README.md").exists() {
        return Ok(library);
    }
    if source.tree.join(".git").exists() && source.tree.starts_with(places::target()) {
        git::submodule(&source.tree, LIBRARY, "micropython-lib")?;
        return Ok(library);
    }
    let patched = places::target().join("natmod/micropython-lib");
    fs::create_dir_all(&patched).map_err(|e| Failure::at("make", &patched, e))?;
    let patch = patched.join("mip.patch");
    debian::patch("micropython_", "mip.patch", &patch)?;
    let input = File::open(&patch).map_err(|e| Failure::at("read", &patch, e))?;
    let mut apply = Command::new("patch");
    apply.current_dir(&patched).args(["--strip=1", "--force", "--silent"]).stdin(input);
    let status = apply.status().map_err(|e| step::cannot_start(&apply, &e))?;
    if !status.success() {
        return Err(Failure::at("apply", &patch, status));
    }
    Ok(patched.join(LIBRARY))
}
