//! Where are the packages of npm for the tests, and are they the ones that the lockfile names?

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::install::ensure as ensure_tools;
use super::tools::Purpose;
use crate::{Failure, Result, places, step};

const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs what `tests/peers/npm/package-lock.json` names, again whenever that has changed. npm checks the hash of each package
/// against it. No package runs a script of its own here.
pub fn ensure() -> Result {
    ensure_tools(&[Purpose::Node])?;
    if is_fresh() {
        return Ok(());
    }
    let folder = folder();
    fs::create_dir_all(&folder).map_err(|e| Failure::at("make", &folder, e))?;
    // It says that all is there, so it goes first.
    let _ = fs::remove_file(holds());
    for file in FILES {
        fs::copy(wanted(file), folder.join(file)).map_err(|e| Failure::at("copy to", &folder, e))?;
    }
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    step::run("installing the tests' npm packages", "npm", &mut npm)?;
    fs::copy(wanted("package-lock.json"), holds()).map(drop).map_err(|e| Failure::at("write", &holds(), e))
}

/// The packages themselves: what NODE_PATH is to name.
pub fn modules() -> PathBuf {
    folder().join("node_modules")
}

fn is_fresh() -> bool {
    match (fs::read(wanted("package-lock.json")), fs::read(holds())) {
        (Ok(wanted), Ok(holds)) => wanted == holds && modules().is_dir(),
        _ => false,
    }
}

fn folder() -> PathBuf {
    places::target().join("npm")
}

fn wanted(file: &str) -> PathBuf {
    places::root().join("tests/peers/npm").join(file)
}

fn holds() -> PathBuf {
    folder().join("installed-from.json")
}
