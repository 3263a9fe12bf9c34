//! Where is the Python environment for the tests, and does it hold what they ask for?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result, places, step};

/// What is in it, one list after the other: what builds packages, and the packages.
const LISTS: [&str; 2] = ["tests/requirements-build.txt", "tests/requirements.txt"];

/// The environment's Python.
pub fn python() -> PathBuf {
    folder().join("bin/python")
}

/// Makes the environment, again whenever the lists of what is in it have changed.
pub fn ensure() -> Result {
    if is_fresh() {
        return Ok(());
    }
    super::ensure(&[super::Purpose::Python])?;
    let asked = asked()?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(folder());
    step::run("making a Python environment for the tests", "venv", &mut make)?;
    for list in LISTS {
        let title = "installing the tests' Python packages";
        step::run(title, "pip", &mut install(&places::root().join(list)))?;
    }
    fs::write(holds(), asked).map_err(|e| Failure::at("write", &holds(), e))
}

/// Has pip install exactly the files in a list. What comes in source is built with what is there: to fetch something for
/// that, pip would ask for no hashes.
fn install(list: &Path) -> Command {
    let mut pip = Command::new(python());
    pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--require-hashes"]);
    pip.args(["--no-build-isolation", "--use-pep517", "--requirement"]).arg(list);
    pip
}

/// Does the environment hold what the tests ask for now?
pub fn is_fresh() -> bool {
    match (asked(), fs::read_to_string(holds())) {
        (Ok(asked), Ok(holds)) => asked == holds && python().exists(),
        _ => false,
    }
}

/// What the lists say.
fn asked() -> Result<String> {
    let texts = LISTS.map(|list| {
        let list = places::root().join(list);
        fs::read_to_string(&list).map_err(|e| Failure::at("read", &list, e))
    });
    texts.into_iter().collect()
}

fn folder() -> PathBuf {
    places::target().join("venv")
}

fn holds() -> PathBuf {
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

    #[test]
    fn pip_refuses_a_file_with_another_hash() {
        if !python().exists() {
            return; // Where there is no environment yet, no test in Python has run either.
        }
        let folder = std::env::temp_dir().join(format!("xtask-pip-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let wheel = folder.join("a-1-py3-none-any.whl");
        fs::write(&wheel, "not what was pinned").expect("a file");
        let list = folder.join("list.txt");
        let line = format!("a @ file://{} --hash=sha256:{}\n", wheel.display(), "0".repeat(64));
        fs::write(&list, line).expect("a file");
        let said = install(&list).arg("--no-index").arg("--dry-run").output().expect("pip");
        fs::remove_dir_all(&folder).expect("the folder to go");
        let errors = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(!said.status.success() && errors.contains("DO NOT MATCH THE HASHES"), "{errors}");
    }
}
