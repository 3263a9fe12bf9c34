//! Where is the Python environment for the tests, and does it hold what they ask for?

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, Result, places, step};

/// The environment's Python.
pub fn python() -> PathBuf {
    folder().join("bin/python")
}

/// Makes the environment, again whenever `tests/requirements.txt` has changed.
pub fn ensure() -> Result {
    if is_fresh() {
        return Ok(());
    }
    super::ensure(&[super::Purpose::Python])?;
    let asked = fs::read_to_string(wanted()).map_err(|e| Failure::at("read", &wanted(), e))?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(folder());
    step::run("making a Python environment for the tests", "venv", &mut make)?;

    let mut pip = Command::new(python());
    pip.args(["-m", "pip", "--disable-pip-version-check", "install"]);
    pip.arg("--requirement").arg(wanted());
    step::run("installing the tests' Python packages", "pip", &mut pip)?;
    fs::write(holds(), asked).map_err(|e| Failure::at("write", &holds(), e))
}

/// Does the environment hold what the tests ask for now?
pub fn is_fresh() -> bool {
    match (fs::read(wanted()), fs::read(holds())) {
        (Ok(wanted), Ok(holds)) => wanted == holds && python().exists(),
        _ => false,
    }
}

fn folder() -> PathBuf {
    places::target().join("venv")
}

fn wanted() -> PathBuf {
    places::root().join("tests/requirements.txt")
}

fn holds() -> PathBuf {
    folder().join("installed-from.txt")
}
