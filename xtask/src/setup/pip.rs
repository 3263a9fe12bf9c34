//! Do pip's packages for the tests lie in their Python environment? They are installed, again whenever the lists change.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::install::ensure as ensure_tools;
use super::tools::Purpose;
use super::venv;
use crate::{Failure, Result, places, step};

/// Makes the environment, again whenever the lists of what is in it have changed.
pub fn ensure() -> Result {
    if venv::is_fresh() {
        return Ok(());
    }
    ensure_tools(&[Purpose::Python])?;
    let asked = venv::asked()?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(venv::folder());
    step::run("making a Python environment for the tests", "venv", &mut make)?;
    for list in venv::LISTS {
        let title = "installing the tests' Python packages";
        let mut pip = install(&places::root().join(list));
        if list == venv::ALONE {
            pip.arg("--no-deps");
        }
        step::run(title, "pip", &mut pip)?;
    }
    fs::write(venv::holds(), asked).map_err(|e| Failure::at("write", &venv::holds(), e))
}

/// Has pip install exactly the files in a list. What comes in source is built with what is there: to fetch something for
/// that, pip would ask for no hashes.
fn install(list: &Path) -> Command {
    let mut pip = Command::new(venv::python());
    pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--require-hashes"]);
    pip.args(["--no-build-isolation", "--use-pep517", "--requirement"]).arg(list);
    pip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_refuses_a_file_with_another_hash() {
        if !venv::python().exists() {
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
