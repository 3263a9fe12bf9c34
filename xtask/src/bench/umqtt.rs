//! Where does umqtt.simple come from? PyPI has it, packed for MicroPython's former installer: pip downloads it, verifies
//! it, unpacks it, and only then finds that there is nothing to build. What it unpacked is what is wanted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::venv;
use crate::{Failure, Result, places, step};

const PACKAGE: &str = "micropython-umqtt.simple==1.3.4 \
    --hash=sha256:b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f\n";
const FILE: &str = "umqtt/simple.py";
/// As `benches/micropython/theirs.py` imports it.
const MODULE: &str = "umqtt_simple.py";

/// The folder with the module.
pub fn fetch() -> Result<PathBuf> {
    let folder = places::target().join("bench/umqtt");
    let module = folder.join(MODULE);
    if module.exists() {
        return Ok(folder);
    }
    let unpacked = folder.join("unpacked");
    let _ = fs::remove_dir_all(&unpacked);
    fs::create_dir_all(&unpacked).map_err(|e| Failure::at("make", &unpacked, e))?;
    let asked = folder.join("requirements.txt");
    fs::write(&asked, PACKAGE).map_err(|e| Failure::at("write", &asked, e))?;

    let mut pip = Command::new(venv::python());
    pip.args(["-m", "pip", "--disable-pip-version-check", "download", "--require-hashes", "--no-deps", "--no-clean"]);
    pip.arg("--requirement").arg(&asked).arg("--dest").arg(&folder);
    pip.env("TMPDIR", &unpacked);
    // It fails in any case; whether it got so far is seen below.
    let said = pip.output().map_err(|e| step::cannot_start(&pip, &e))?;
    let Some(source) = find(&unpacked) else {
        let said = String::from_utf8_lossy(&said.stderr);
        return Err(Failure::new(format!("cannot fetch umqtt.simple from PyPI: {}", said.trim_end())));
    };
    fs::copy(&source, &module).map_err(|e| Failure::at("copy", &source, e))?;
    Ok(folder)
}

/// [`FILE`] in one of the folders that pip made.
fn find(folder: &Path) -> Option<PathBuf> {
    let file = folder.join(FILE);
    if file.exists() {
        return Some(file);
    }
    let entries = fs::read_dir(folder).ok()?;
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).find_map(|folder| find(&folder))
}
