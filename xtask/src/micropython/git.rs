//! How does the source come from upstream? A shallow clone of one tag, with the submodules
//! that are built.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::{Failure, Result, programs, quiet, step};

const UPSTREAM: &str = "https://github.com/micropython/micropython.git";
const TAG: &str = "v1.25.0";

/// Long enough to find out that there is a way to the upstream repository.
const TO_ANSWER: Duration = Duration::from_secs(8);
const TO_CLONE: Duration = Duration::from_secs(600);

pub fn fetch(into: &Path) -> Result {
    if programs::find("git").is_none() {
        return Err("git is not installed".into());
    }
    if !answers() {
        return Err(Failure::new(format!("{UPSTREAM} does not answer")));
    }
    let title = format!("fetching MicroPython {TAG} from its git repository");
    let mut clone = git();
    clone.args(["clone", "--quiet", "--depth", "1", "--branch", TAG, UPSTREAM]);
    clone.arg(into);
    step::run_within(&title, "micropython-clone", &mut clone, TO_CLONE)?;

    submodule(into, "lib/mbedtls", "mbedTLS")
}

/// Fills one submodule of `tree`.
pub fn submodule(tree: &Path, folder: &str, name: &str) -> Result {
    let mut submodule = git();
    submodule.current_dir(tree);
    submodule.args(["submodule", "--quiet", "update", "--init", "--depth", "1", folder]);
    let title = format!("fetching {name} from its git repository");
    step::run_within(&title, "submodule-clone", &mut submodule, TO_CLONE)
}

fn answers() -> bool {
    let mut ask = git();
    ask.args(["ls-remote", "--exit-code", UPSTREAM]).arg(format!("refs/tags/{TAG}"));
    quiet::succeeds("micropython-ls-remote", &mut ask, TO_ANSWER)
}

/// git that never asks for a password and gives up on a line that has gone quiet.
fn git() -> Command {
    let mut git = Command::new("git");
    git.env("GIT_TERMINAL_PROMPT", "0");
    git.stdin(std::process::Stdio::null());
    git.args(["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=20"]);
    git.args(["-c", "advice.detachedHead=false"]);
    git
}
