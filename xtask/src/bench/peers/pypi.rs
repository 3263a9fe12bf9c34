//! How is a module for MicroPython fetched? PyPI has some, packed for MicroPython's former installer: pip downloads them,
//! verifies them, unpacks them, and only then finds that there is nothing to build. What it unpacked is what is wanted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::venv;
use crate::{Failure, Result, places, step};

pub struct Module {
    pub package: &'static str,
    pub sha256: &'static str,
    /// In the package.
    pub file: &'static str,
    /// As scripts import it.
    pub module: &'static str,
}

/// The folder with the module.
pub fn fetch(wanted: &Module) -> Result<PathBuf> {
    let folder = places::target().join("bench").join(wanted.module.trim_end_matches(".py"));
    let module = folder.join(wanted.module);
    if module.exists() {
        return Ok(folder);
    }
    let unpacked = folder.join("unpacked");
    let _ = fs::remove_dir_all(&unpacked);
    fs::create_dir_all(&unpacked).map_err(|e| Failure::at("make", &unpacked, e))?;
    let asked = folder.join("requirements.txt");
    let line = format!("{} --hash=sha256:{}\n", wanted.package, wanted.sha256);
    fs::write(&asked, line).map_err(|e| Failure::at("write", &asked, e))?;

    let mut pip = Command::new(venv::python());
    pip.args(["-m", "pip", "--disable-pip-version-check", "download", "--require-hashes", "--no-deps", "--no-clean"]);
    pip.arg("--requirement").arg(&asked).arg("--dest").arg(&folder);
    pip.env("TMPDIR", &unpacked);
    // It fails in any case; whether it got so far is seen below.
    let said = pip.output().map_err(|e| step::cannot_start(&pip, &e))?;
    let Some(source) = find(&unpacked, wanted.file) else {
        let said = String::from_utf8_lossy(&said.stderr);
        return Err(Failure::new(format!("cannot fetch {} from PyPI: {}", wanted.package, said.trim_end())));
    };
    fs::copy(&source, &module).map_err(|e| Failure::at("copy", &source, e))?;
    Ok(folder)
}

/// `name` in one of the folders that pip made.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let file = folder.join(name);
    if file.exists() {
        return Some(file);
    }
    let entries = fs::read_dir(folder).ok()?;
    let mut folders = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir());
    folders.find_map(|folder| find(&folder, name))
}
